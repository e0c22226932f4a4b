"""A deterministic language model with knobs, which speaks the OpenAI wire protocol on a local port."""
