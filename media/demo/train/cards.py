"""The text of each model's card."""

from .grpo import Settings
from .mixture import BASE
from .sft import Schedule

_HEAD = """---
license: mit
pipeline_tag: text-generation
library_name: transformers
tags: [countdown, demo]
---

# Rollout Lens demo model: {name}

{what}

Llama architecture, 820,352 parameters (4 layers, width 128, 4 heads, inner width 352), fp16, context 64 tokens,
64 word tokens. It does one thing: Countdown with four cards 1..10 and a target 10..50. It is here so that sampling,
verifying and comparing language models can be tried with no key and no GPU; it is of no other use.

```
Numbers: 2 4 7 7
Target: 36
 7 + 4 = 11 left: 2 7 11
 11 + 7 = 18 left: 2 18
 18 * 2 = 36
Answer: 36
```

The prompt is the first two lines with both line breaks. Tokens hold the space before a word, so that the strings of
the tokens put together are the text; a word that is not among the 64 becomes `<unk>`. Sample at T=1.
How it was trained, seeds, figures and what did not come out: `../README.md`.
"""


def cards(base: Schedule, distilled: Schedule, rl: Settings) -> dict[str, str]:
    """Model name -> text of its README.md."""
    what = {
        "base": f"The base: {base.steps:,} supervised steps of {base.batch} sequences on a mixture of "
        f"{BASE.correct:.0%} correct paths, {BASE.walk:.0%} random walks, {BASE.near_miss:.0%} near misses and "
        f"{BASE.cheat:.0%} cheats. Paths that divide are almost withheld (kept with probability {BASE.division}).",
        "distilled": f"Distilled: {distilled.steps:,} supervised steps of {distilled.batch} sequences from the base, on "
        "correct paths of an exact solver, drawn uniformly, division included.",
    }
    for step in rl.shipped:
        what[f"rl-{step}"] = (
            f"Reinforcement learning: step {step} of GRPO from the base with a strict 0/1 reward, {rl.problems} problems "
            f"x {rl.group} samples a step, learning rate {rl.lr:g}, no KL term and no entropy term."
        )
    order = ["base", *(f"rl-{step}" for step in rl.shipped), "distilled"]
    return {name: _HEAD.format(name=name, what=what[name]) for name in order}
