"""The official OpenAI client for Python against the demo server: what it reads of every kind of reply.

Input: {"url", "token", "model", "prompt"}. Output: {"checks": N, "wrong": [...], "version": ...}; expectations that do
not depend on the model stand here.
"""

import json
import sys

import openai

asked = json.load(sys.stdin)
client = openai.OpenAI(base_url=asked["url"], api_key=asked["token"], max_retries=0)
model, prompt = asked["model"], asked["prompt"]
wrong: list[str] = []
checks = 0


def check(what: str, holds: bool) -> None:
    global checks
    checks += 1
    if not holds:
        wrong.append(what)


def complete(**fields):
    return client.completions.create(**{"model": model, "prompt": prompt, "max_tokens": 30, "seed": 3, **fields})


def refused(kind: type, words: str, **fields) -> None:
    try:
        complete(**fields)
    except kind as error:
        check(f"{fields}: the message is {error.message}", words in error.message)
    else:
        check(f"{fields}: not refused", False)


check("models", model in [one.id for one in client.models.list()])
whole = complete(n=3)
texts = [choice.text for choice in whole.choices]
check("n", [choice.index for choice in whole.choices] == [0, 1, 2])
check("seed", texts == [complete(seed=3 + i).choices[0].text for i in range(3)])
check("usage", whole.usage.total_tokens == whole.usage.prompt_tokens + whole.usage.completion_tokens)

pieces = ["", "", ""]
last = None
for event in complete(n=3, stream=True, stream_options={"include_usage": True}, extra_body={"stream_interval": 1}):
    for choice in event.choices:
        pieces[choice.index] += choice.text
    last = event
check("stream", pieces == texts)
check("usage of the stream", last.usage == whole.usage)

stop = texts[0][6:10]
cut = complete(stop=[stop]).choices[0]
check("stop", cut.text == texts[0][: texts[0].index(stop)] and cut.finish_reason == "stop" and cut.stop_reason == stop)

scored = complete(logprobs=2).choices[0].logprobs
check("logprobs", len(scored.tokens) == len(scored.token_logprobs) == len(scored.text_offset))
check("top logprobs", all(token in top for token, top in zip(scored.tokens, scored.top_logprobs)))
echoed = complete(echo=True, logprobs=1, max_tokens=1).choices[0]
check("echo", echoed.text.startswith(prompt) and echoed.logprobs.token_logprobs[0] is None)
ids = complete(extra_body={"return_token_ids": True}).choices[0]
again = complete(
    prompt=ids.prompt_token_ids + ids.token_ids, max_tokens=1, extra_body={"prompt_logprobs": 0}
).choices[0]
read = [entry[str(token)]["logprob"] for token, entry in zip(ids.token_ids, again.prompt_logprobs[-len(ids.token_ids) :])]
check("prompt_logprobs", read == scored.token_logprobs)

messages = [{"role": "user", "content": prompt}]
chat = client.chat.completions.create(model=model, messages=messages, seed=3, max_tokens=30, logprobs=True, top_logprobs=1)
check("chat", chat.choices[0].message.content == texts[0])
check("chat logprobs", [one.logprob for one in chat.choices[0].logprobs.content] == scored.token_logprobs)
said = ""
for event in client.chat.completions.create(model=model, messages=messages, seed=3, max_tokens=30, stream=True):
    said += event.choices[0].delta.content or ""
check("chat stream", said == texts[0])

refused(openai.NotFoundError, "does not exist", model="nobody")
refused(openai.BadRequestError, "maximum context length", prompt=[9] * 70)
refused(openai.BadRequestError, "greedy", n=2, temperature=0)
try:
    openai.OpenAI(base_url=asked["url"], api_key="other", max_retries=0).models.list()
    check("a wrong key is let in", False)
except openai.AuthenticationError:
    check("key", True)

json.dump({"checks": checks, "wrong": wrong, "version": openai.__version__}, sys.stdout)
