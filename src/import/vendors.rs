//! Vendors by the names that other tables give them.

use super::Source;

use Source::{GenaiPrices, LiteLlm, LlmPrices, ModelsDev, OpenRouter};

/// A vendor of the pricing tables: our id, the name it writes, and what each source calls it.
///
/// A source's name that ends in `*` stands for all that begin so. A second price list of a vendor, such as
/// `alibaba-cn` and a coding plan of models.dev, or `zhipuai` beside `zai`, is not listed: it keeps a vendor of its
/// own, for its products have the same ids at other prices.
struct Known {
    id: &'static str,
    name: &'static str,
    called: &'static [(Source, &'static str)],
}

const fn known(id: &'static str, name: &'static str, called: &'static [(Source, &'static str)]) -> Known {
    Known { id, name, called }
}

const KNOWN: &[Known] = &[
    known("01-ai", "01.AI", &[]),
    known("360", "360 Zhinao", &[]),
    known("ai21", "AI21 Labs", &[]),
    known("alibaba", "Alibaba Cloud", &[(LiteLlm, "dashscope"), (LlmPrices, "qwen"), (OpenRouter, "qwen")]),
    known("amazon", "Amazon", &[(LiteLlm, "amazon_nova"), (ModelsDev, "nova")]),
    known("anthropic", "Anthropic", &[]),
    known("assemblyai", "AssemblyAI", &[]),
    known("azure", "Microsoft Azure", &[(LiteLlm, "azure*")]),
    known("baichuan", "Baichuan", &[]),
    known("baidu", "Baidu", &[]),
    known(
        "bedrock",
        "Amazon Bedrock",
        &[(LiteLlm, "bedrock*"), (ModelsDev, "amazon-bedrock"), (GenaiPrices, "aws")],
    ),
    known(
        "bytedance",
        "ByteDance (Volcengine)",
        &[(LiteLlm, "volcengine"), (OpenRouter, "bytedance-seed"), (OpenRouter, "bytedance-research")],
    ),
    known("cerebras", "Cerebras", &[]),
    known("cloudflare", "Cloudflare Workers AI", &[(ModelsDev, "cloudflare-workers-ai")]),
    known("cohere", "Cohere", &[(LiteLlm, "cohere_chat")]),
    known("databricks", "Databricks", &[]),
    known("deepgram", "Deepgram", &[]),
    known("deepinfra", "DeepInfra", &[]),
    known("deepseek", "DeepSeek", &[]),
    known("elevenlabs", "ElevenLabs", &[]),
    known("fireworks", "Fireworks AI", &[(LiteLlm, "fireworks_ai*"), (ModelsDev, "fireworks-ai")]),
    known("google", "Google", &[(LiteLlm, "gemini")]),
    known("groq", "Groq", &[]),
    known("iflytek", "iFlytek", &[]),
    known("inception", "Inception", &[(LiteLlm, "text-completion-inception")]),
    known("internlm", "InternLM", &[]),
    known("jina", "Jina AI", &[(LiteLlm, "jina_ai")]),
    known(
        "meta",
        "Meta (Llama)",
        &[(LiteLlm, "meta_llama"), (ModelsDev, "llama"), (LlmPrices, "meta-ai"), (OpenRouter, "meta-llama")],
    ),
    known("minimax", "MiniMax", &[]),
    known("mistral", "Mistral AI", &[(OpenRouter, "mistralai")]),
    known(
        "moonshot",
        "Moonshot AI",
        &[
            (ModelsDev, "moonshotai"),
            (GenaiPrices, "moonshotai"),
            (LlmPrices, "moonshot-ai"),
            (OpenRouter, "moonshotai"),
        ],
    ),
    known("nebius", "Nebius", &[]),
    known("novita", "Novita AI", &[(ModelsDev, "novita-ai")]),
    known("openai", "OpenAI", &[(LiteLlm, "text-completion-openai")]),
    known("openrouter", "OpenRouter", &[]),
    known("perplexity", "Perplexity", &[]),
    known("pinecone", "Pinecone", &[]),
    known("sensetime", "SenseTime", &[]),
    known("stability", "Stability AI", &[]),
    known("stepfun", "StepFun", &[]),
    known("tencent", "Tencent", &[(ModelsDev, "tencent-tokenhub")]),
    known("together", "Together AI", &[(LiteLlm, "together_ai"), (ModelsDev, "togetherai")]),
    known(
        "vertex",
        "Google Vertex AI",
        &[(LiteLlm, "vertex_ai*"), (ModelsDev, "google-vertex"), (ModelsDev, "google-vertex-anthropic")],
    ),
    known("voyage", "Voyage AI", &[(GenaiPrices, "voyageai")]),
    known("xai", "xAI", &[(GenaiPrices, "x-ai"), (OpenRouter, "x-ai")]),
    known("xiaomi", "Xiaomi", &[(LiteLlm, "xiaomi_mimo")]),
    known(
        "zhipu",
        "Zhipu AI (Z.ai)",
        &[
            (LiteLlm, "zai"),
            (ModelsDev, "zai"),
            (GenaiPrices, "zai"),
            (OpenRouter, "z-ai"),
            (OpenRouter, "thudm"),
        ],
    ),
];

/// Returns our id of a vendor that a source calls `name`; an unlisted one keeps its name, in lower case and with
/// dashes for the characters that no vendor's id may have.
///
/// ```
/// use ragonomics::import::{Source, vendors::vendor_id};
/// assert_eq!(vendor_id(Source::LiteLlm, "gemini"), "google");
/// assert_eq!(vendor_id(Source::LiteLlm, "vertex_ai-anthropic_models"), "vertex");
/// assert_eq!(vendor_id(Source::ModelsDev, "302ai"), "302ai");
/// ```
pub fn vendor_id(source: Source, name: &str) -> String {
    let called = |known: &&Known| {
        let names = known.called.iter().filter(|(theirs, _)| *theirs == source);
        names.map(|(_, pattern)| *pattern).any(|pattern| matches(pattern, name))
    };
    if let Some(known) = KNOWN.iter().find(called) {
        return known.id.to_owned();
    }
    let bad = |c: char| c.is_whitespace() || matches!(c, ',' | '*' | '?' | '/' | ':');
    name.to_lowercase().chars().map(|c| if bad(c) { '-' } else { c }).collect()
}

/// Returns the name that a vendor writes, for one of our ids; the id where it is not known.
pub fn vendor_name(id: &str) -> &str {
    KNOWN.iter().find(|known| known.id == id).map_or(id, |known| known.name)
}

fn matches(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |start| name.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_vendor_is_listed_once_and_no_name_means_two() {
        for (at, known) in KNOWN.iter().enumerate() {
            assert!(KNOWN[at + 1..].iter().all(|other| other.id > known.id), "{}", known.id);
            for (source, name) in known.called {
                assert_eq!(vendor_id(*source, name), known.id);
            }
        }
    }

    #[test]
    fn a_second_price_list_keeps_a_vendor_of_its_own() {
        assert_eq!(vendor_id(ModelsDev, "alibaba-cn"), "alibaba-cn");
        assert_eq!(vendor_id(OpenRouter, "Some Lab/x"), "some-lab-x");
        assert_eq!(vendor_name("vertex"), "Google Vertex AI");
        assert_eq!(vendor_name("some-lab"), "some-lab");
    }
}
