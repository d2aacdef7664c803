-- Words of a text as keyed hashes, with their places: what ranks and what stands near what, never what it says.
create domain blind_words as tsvector;

-- Documents that answers are drawn from. `content` is the file as it came, until its passages are there.
create table knowledge_document (
    workspace_id   uuid         not null,
    id             uuid         not null,
    state          keyword      not null,
    kind           keyword      not null,
    language       keyword      not null,
    size           bigint       not null,
    passages       integer      not null default 0,
    embedded       boolean      not null default false,
    problem        keyword,
    about          sealed       not null,
    content        sealed,
    attempts       integer      not null default 0,
    due_at         timestamptz,
    created_at     timestamptz  not null,
    updated_at     timestamptz  not null,
    primary key (workspace_id, id)
);
create index knowledge_document_queue on knowledge_document (due_at) where due_at is not null;
call isolate('knowledge_document');
call open_lane('knowledge_document', 'claim', 'all');

-- A workspace's passages are few thousands: they are searched one after another. An index of `words` would not be used,
-- for row-level security lets no function look at a row before it is known whose it is.
create table knowledge_passage (
    workspace_id   uuid         not null,
    id             uuid         not null,
    document_id    uuid         not null,
    config         keyword      not null,
    words          blind_words  not null,
    body           sealed       not null,
    vector         sealed,
    primary key (workspace_id, id)
);
create index knowledge_passage_document on knowledge_passage (workspace_id, document_id);
call isolate('knowledge_passage');
