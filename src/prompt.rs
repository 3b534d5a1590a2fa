//! Renders `prompts/*.md`; each template has one struct of inputs and a hash that is kept with each score.
