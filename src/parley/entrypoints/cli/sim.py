"""`parley sim`: the simulated WhatsApp alone, and a customer's phone in the terminal."""

import click

from parley.core.errors import Unavailable
from parley.entrypoints.cli.nodes import end_on_signals
from parley.entrypoints.cli.words import Group, Said, collect_garbage, settings


@click.group(cls=Group, invoke_without_command=True)
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to listen on. It asks for no credentials."
)
@click.option(
    "--callback-url", metavar="URL", help="Where its webhooks go. The web node of these settings, if left out."
)
@click.option(
    "--business",
    "businesses",
    multiple=True,
    metavar="ID,WABA,+NUMBER",
    help="A number that is registered from the start: phone number id, account id, number. More than once.",
)
@click.pass_context
def sim(context: click.Context, host: str, callback_url: str | None, businesses: tuple[str, ...]) -> None:
    """Simulate Meta's Graph API and its customers, on PARLEY_SIM_PORT."""
    if context.invoked_subcommand is None:
        from parley.entrypoints.simulator import simulate

        end_on_signals()
        collect_garbage()
        simulate(settings(), host=host, callback_url=callback_url, businesses=[_parts(each) for each in businesses])


@sim.command()
@click.option("--phone", required=True, metavar="+E164", help="Who you are: any number.")
@click.option("--number", "business", default="", metavar="+E164", help="Whom you write to: the business's number.")
@click.option("--name", default="Ada", show_default=True, help="What you are called.")
@click.option("--sim-url", metavar="URL", help="Where the simulator is, if not on PARLEY_SIM_PORT of this machine.")
def chat(phone: str, business: str, name: str, sim_url: str | None) -> Said:
    """Be a customer: write to a business, see and tap what it answers."""
    from parley.core.phones import normalise
    from parley.entrypoints.simulator import usual_business
    from parley.sim import ChatOptions
    from parley.sim import chat as be_customer

    number = normalise(phone)
    if number is None:
        raise click.BadParameter(f"{phone!r} is no number; write it like +15550001111.", param_hint="--phone")
    url = sim_url or f"http://127.0.0.1:{settings().sim_port}"
    try:
        to = business or usual_business(url)
        be_customer(ChatOptions(sim_url=url, phone=number, business=to, name=name))
    except OSError:
        raise Unavailable(
            f"No simulator answers at {url}. Start `parley up` in another terminal, or give --sim-url.", retry_after=1
        ) from None
    return Said(machine={"phone": number, "business": to}, people=[])


def _parts(text: str) -> tuple[str, str, str]:
    parts = text.split(",")
    if len(parts) != 3:  # noqa: PLR2004 - the three named in the option's help
        raise click.BadParameter(f"{text!r} is not ID,WABA,+NUMBER.", param_hint="--business")
    return parts[0], parts[1], parts[2]
