//! Names of entries: `bedrock/us-east-1/1-month-commitment/anthropic.claude-v1` is a product, a region and a variant.

use crate::catalog::Kind;

/// A name taken apart.
pub(super) struct Name<'t> {
    /// The whole name.
    pub key: &'t str,
    /// The provider as the table writes it.
    pub provider: &'t str,
    /// The seller, without the part of its API that the entry is for.
    pub family: &'t str,
    /// Name of the product at the seller.
    pub short: String,
    /// Region that the price is for.
    pub region: Option<String>,
    /// Size, quality, steps or commitment that the price is for.
    pub variant: Option<String>,
    /// Whether the variant is a commitment to reserved throughput.
    pub reserved: bool,
}

impl Name<'_> {
    /// Returns a name that no other entry has, for an id that another entry has taken.
    pub fn unmistakable(&self) -> String {
        if self.key == self.short { format!("{}/{}", self.provider, self.key) } else { self.key.to_owned() }
    }
}

/// Providers that are a part of another one's API, with that one.
const PARTS: &[(&str, &str)] = &[
    ("azure_text", "azure"),
    ("bedrock_converse", "bedrock"),
    ("cohere_chat", "cohere"),
    ("fireworks_ai-embedding-models", "fireworks_ai"),
    ("text-completion-codestral", "codestral"),
    ("text-completion-inception", "inception"),
    ("text-completion-openai", "openai"),
];

/// Returns the seller that a provider is a part of.
fn family(provider: &str) -> &str {
    if provider.starts_with("vertex_ai-") {
        return "vertex_ai";
    }
    PARTS.iter().find(|(part, _)| *part == provider).map_or(provider, |(_, whole)| whole)
}

/// Takes a name apart.
pub(super) fn parse<'t>(key: &'t str, provider: &'t str, kind: Kind) -> Name<'t> {
    let family = family(provider);
    let mut name =
        Name { key, provider, family, short: String::new(), region: None, variant: None, reserved: false };
    let mut parts: Vec<&str> = key.split('/').collect();
    let mut variant = Variant::default();
    let prefix = |part: &str| part == provider || part == family || part.replace('-', "_") == family;
    let mut prefixed = false;
    while parts.len() > 1 {
        let part = parts[0];
        if !prefixed && prefix(part) {
            prefixed = true;
        } else if let Some(region) = region(part, family) {
            name.region = region;
        } else if let Some(months) = part.strip_suffix("-month-commitment") {
            variant.other = Some(format!("{months}-month commitment"));
            name.reserved = true;
        } else if !variant.take(part, kind) {
            break;
        }
        parts.remove(0);
    }
    name.short = parts.join("/");
    name.variant = variant.text();
    name
}

/// Returns the region that a part of a name is: `Some(None)` for all regions, `None` for no region.
fn region(part: &str, family: &str) -> Option<Option<String>> {
    const AZURE: [&str; 6] = ["us", "eu", "apac", "global", "global-standard", "us-gov"];
    let known = match family {
        "azure" => AZURE.contains(&part),
        _ if family.starts_with("bedrock") => part == "*" || is_aws_region(part),
        _ => false,
    };
    known.then(|| (part != "*").then(|| part.to_owned()))
}

/// Returns whether a word is a region such as `eu-west-1` or `us-gov-east-1`.
fn is_aws_region(part: &str) -> bool {
    const AREAS: [&str; 7] = ["us", "eu", "ap", "sa", "ca", "me", "af"];
    let words: Vec<&str> = part.split('-').collect();
    let number = words.last().is_some_and(|last| last.len() == 1 && last.chars().all(|c| c.is_ascii_digit()));
    (3..=4).contains(&words.len()) && AREAS.contains(&words[0]) && number
}

/// The parts of a variant in the order of the tables: `1024x1024 hd 50 steps`.
#[derive(Default)]
struct Variant {
    size: Option<String>,
    quality: Option<String>,
    other: Option<String>,
}

impl Variant {
    /// Takes a part of a name if it is a size, a quality or a number of steps of an image.
    fn take(&mut self, part: &str, kind: Kind) -> bool {
        const QUALITIES: [&str; 7] = ["low", "medium", "high", "xhigh", "max", "standard", "hd"];
        if kind != Kind::Image {
            return false;
        }
        if let Some((width, height)) = part.split_once("-x-") {
            self.size = Some(format!("{width}x{height}"));
        } else if let Some(steps) = part.strip_suffix("-steps") {
            self.other = Some(format!("{steps} steps"));
        } else if QUALITIES.contains(&part) {
            self.quality = Some(part.to_owned());
        } else {
            return false;
        }
        true
    }

    fn text(self) -> Option<String> {
        let parts: Vec<String> = [self.size, self.quality, self.other].into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_the_region_the_variant_and_the_product() {
        type Parts = (&'static str, Option<&'static str>, Option<&'static str>);
        let cases: &[(&str, &str, Kind, Parts)] = &[
            ("gpt-5", "openai", Kind::Chat, ("gpt-5", None, None)),
            ("azure/eu/gpt-5", "azure", Kind::Chat, ("gpt-5", Some("eu"), None)),
            ("azure_ai/gpt-5", "azure_ai", Kind::Chat, ("gpt-5", None, None)),
            ("azure/hd/1024-x-1024/dall-e-3", "azure", Kind::Image, ("dall-e-3", None, Some("1024x1024 hd"))),
            (
                "1024-x-1024/50-steps/bedrock/amazon.nova-canvas-v1:0",
                "bedrock",
                Kind::Image,
                ("amazon.nova-canvas-v1:0", None, Some("1024x1024 50 steps")),
            ),
            (
                "bedrock/us-gov-west-1/1-month-commitment/anthropic.claude-v1",
                "bedrock_converse",
                Kind::Chat,
                ("anthropic.claude-v1", Some("us-gov-west-1"), Some("1-month commitment")),
            ),
            (
                "bedrock/*/6-month-commitment/cohere.command-text-v14",
                "bedrock",
                Kind::Chat,
                ("cohere.command-text-v14", None, Some("6-month commitment")),
            ),
            (
                "bedrock/claude_platform/claude-haiku-5-5",
                "bedrock",
                Kind::Chat,
                ("claude_platform/claude-haiku-5-5", None, None),
            ),
            (
                "fal_ai/low/1024-x-768/openai/gpt-image-2/edit",
                "fal_ai",
                Kind::Image,
                ("openai/gpt-image-2/edit", None, Some("1024x768 low")),
            ),
            ("vertex_ai/claude-x", "vertex_ai-anthropic_models", Kind::Chat, ("claude-x", None, None)),
            ("perplexity/perplexity/sonar", "perplexity", Kind::Chat, ("perplexity/sonar", None, None)),
            ("amazon-nova/nova-pro", "amazon_nova", Kind::Chat, ("nova-pro", None, None)),
        ];
        for (key, provider, kind, (short, region, variant)) in cases {
            let name = parse(key, provider, *kind);
            assert_eq!(name.short, *short, "{key}");
            assert_eq!((name.region.as_deref(), name.variant.as_deref()), (*region, *variant), "{key}");
        }
    }
}
