"""Wire shapes of knowledge."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, WithJsonSchema

from parley.core.ids import public
from parley.kit.rest import ids
from parley.kit.rest.shapes import OUR_WORD, Given, Moment, Shown
from parley.modules.knowledge.domain import TITLE_CHARACTERS, Document, Passage

Title = Annotated[str, StringConstraints(min_length=1, max_length=TITLE_CHARACTERS, strip_whitespace=True)]
Language = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35),
    Field(examples=["en"], description="BCP 47. It decides which endings of words are taken for the same word."),
]
DocumentId = Annotated[str, WithJsonSchema(ids.schema_of(ids.DOCUMENT))]


class NewDocumentShape(Given):
    """Words that answers are to be drawn from."""

    title: Title = Field(examples=["Delivery"], description="How answers cite it.")
    format: Literal["text", "markdown", "html"] = "markdown"
    content: str = Field(
        min_length=1, examples=["# Delivery\n\nWe ship within two days."], description="Its words, up to 1 MB."
    )
    language: Language = "en"


class DocumentShape(Shown):
    """A document, and whether answers can be drawn from it yet."""

    id: DocumentId
    title: str
    filename: str | None
    format: Literal["text", "markdown", "html", "pdf"]
    language: str
    state: Literal["waiting", "ready", "failed"] = Field(description="Answers are drawn from it once it is `ready`.")
    problem: str | None = Field(
        json_schema_extra=OUR_WORD,
        description="Why it failed: `unreadable`, `encrypted`, `empty`, `too_long`, `too_many_passages`, `too_slow`, "
        "`gave_up`. `not_embedded`: it is found by its words alone.",
    )
    size: int
    passages: int
    embedded: bool = Field(description="Whether it is found by meaning as well as by words.")
    created_at: Moment
    updated_at: Moment

    @classmethod
    def of(cls, document: Document) -> "DocumentShape":
        return cls(
            id=public(ids.DOCUMENT, document.id),
            title=document.title,
            filename=document.filename,
            format=document.kind,
            language=document.language,
            state=document.state,
            problem=document.problem,
            size=document.size,
            passages=document.passages,
            embedded=document.embedded,
            created_at=document.created_at,
            updated_at=document.updated_at,
        )


class PassageShape(Shown):
    """A passage of a document."""

    document_id: DocumentId
    title: str
    section: str = Field(description="The headings above it, the outermost first.")
    text: str
    score: float = Field(description="How well it fits, compared with the others of this answer.")

    @classmethod
    def of(cls, passage: Passage) -> "PassageShape":
        return cls(
            document_id=public(ids.DOCUMENT, passage.document),
            title=passage.title,
            section=passage.section,
            text=passage.text,
            score=passage.score,
        )


class FoundShape(Shown):
    """Passages that may answer a question, the best first."""

    data: list[PassageShape]
