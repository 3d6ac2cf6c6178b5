//! Tokens of one text in several tokenizers: the shipped table against the counts it was made from, and against a text
//! counted here.

mod support;

use ragonomics::catalog::tokenizer::REFERENCE;
use ragonomics::catalog::{Catalog, Confidence, Kind, Language, TokenRatio};
use ragonomics::tokens::Tokenizer as Vocabulary;
use support::*;

use Language::{Chinese, Code, English, Json, Markdown};

/// Tokens of the five kinds of text, as counted with each vocabulary.
struct Counted {
    name: &'static str,
    english: u32,
    news: u32,
    manuals: u32,
    code: u32,
    json: u32,
    markdown: u32,
}

const O200K: Counted = Counted {
    name: "o200k_base",
    english: 81_654,
    news: 9017,
    manuals: 81_806,
    code: 108_986,
    json: 28_005,
    markdown: 36_402,
};

/// Some rows of the measurement: vocabularies that differ little, in Chinese, and in all.
const COUNTED: [Counted; 6] = [
    Counted {
        name: "cl100k_base",
        english: 81_694,
        news: 12_626,
        manuals: 111_767,
        code: 108_677,
        json: 28_021,
        markdown: 36_228,
    },
    Counted {
        name: "deepseek-v3",
        english: 83_393,
        news: 7654,
        manuals: 68_583,
        code: 116_223,
        json: 30_070,
        markdown: 37_678,
    },
    Counted {
        name: "qwen",
        english: 82_166,
        news: 8554,
        manuals: 74_131,
        code: 114_225,
        json: 29_924,
        markdown: 39_223,
    },
    Counted {
        name: "minimax-m2",
        english: 81_287,
        news: 7167,
        manuals: 62_720,
        code: 111_397,
        json: 28_448,
        markdown: 35_904,
    },
    Counted {
        name: "mistral-sentencepiece",
        english: 92_745,
        news: 13_246,
        manuals: 119_368,
        code: 139_437,
        json: 39_022,
        markdown: 46_513,
    },
    Counted {
        name: "gemma3",
        english: 84_898,
        news: 8791,
        manuals: 72_331,
        code: 130_893,
        json: 36_920,
        markdown: 42_539,
    },
];

impl Counted {
    fn tokens(&self, language: Language) -> f64 {
        f64::from(match language {
            English => self.english,
            Chinese => self.news + self.manuals,
            Code => self.code,
            Json => self.json,
            Markdown => self.markdown,
        })
    }
}

fn ratio(catalog: &Catalog, from: &str, product: &str, language: Language) -> Option<TokenRatio> {
    catalog.tokens_ratio(from, catalog.find(product).unwrap(), language)
}

fn factor(catalog: &Catalog, from: &str, product: &str, language: Language) -> f64 {
    ratio(catalog, from, product, language).unwrap().factor
}

#[test]
fn the_table_has_the_ratios_of_the_counts() {
    let catalog = catalog_with("");
    for counted in &COUNTED {
        let tokenizer = catalog.find_tokenizer(counted.name).unwrap();
        for (word, language) in Language::WORDS {
            // Such as 76,237 / 90,823 = 0.83940…, written with four decimals.
            let expected = counted.tokens(*language) / O200K.tokens(*language);
            let written = tokenizer.ratio(*language).unwrap();
            assert!((written - expected).abs() <= 0.00005, "{} {word}: {written}, {expected}", counted.name);
        }
    }
}

#[test]
fn a_count_in_one_tokenizer_becomes_one_in_another() {
    let catalog = catalog_with("");
    // (7,654 + 68,583) / (9,017 + 81,806) = 76,237 / 90,823 = 0.8394.
    assert_eq!(factor(&catalog, "o200k_base", "deepseek/deepseek-flash", Chinese), 0.8394);
    // The other way round, 1 / 0.8394 = 1.191327….
    assert_eq!(factor(&catalog, "deepseek-v3", "openai/gpt-5", Chinese), 1.191_327);
    // Between two others, 0.7695 / 1.3696 = 0.5618428….
    assert_eq!(factor(&catalog, "cl100k_base", "minimax/MiniMax-M2", Chinese), 0.561_843);
    // English is much the same everywhere, JSON is not: 36,920 / 28,005 = 1.3183.
    assert_eq!(factor(&catalog, "o200k_base", "openai/gpt-4", English), 1.0005);
    assert_eq!(factor(&catalog, "o200k_base", "google/gemini-2.5-flash", Json), 1.3183);
}

#[test]
fn a_tokenizer_counts_as_itself_exactly() {
    let catalog = catalog_with("");
    for (id, product) in catalog.iter() {
        let Some(own) = &product.tokenizer else { continue };
        for (_, language) in Language::WORDS {
            let same = catalog.tokens_ratio(own, id, *language);
            let exactly = TokenRatio { factor: 1.0, confidence: Confidence::High };
            assert_eq!(same, Some(exactly), "{}", product.id);
        }
    }
    assert_eq!(factor(&catalog, " O200K_Base ", "openai/gpt-5", Chinese), 1.0);
}

#[test]
fn what_nobody_measured_stays_unknown() {
    let catalog = catalog_with("");
    // A product without a tokenizer, one that was not measured, a name that nobody has.
    assert_eq!(ratio(&catalog, "o200k_base", "xai/grok-4.7", English), None);
    assert_eq!(ratio(&catalog, "o200k_base", "meta/llama-4-scout", English), None);
    assert_eq!(ratio(&catalog, "tiktoken", "openai/gpt-5", English), None);
    // Of Claude there are figures of English and code, none of Chinese.
    assert_eq!(factor(&catalog, "o200k_base", "anthropic/claude-sonnet-4-5", English), 1.16);
    assert_eq!(ratio(&catalog, "o200k_base", "anthropic/claude-sonnet-4-5", Chinese), None);
}

#[test]
fn a_ratio_is_as_sure_as_the_less_sure_of_the_two() {
    let catalog = catalog_with("");
    let sure = |from, product| ratio(&catalog, from, product, English).unwrap().confidence;
    assert_eq!(sure("o200k_base", "deepseek/deepseek-v3.2"), Confidence::High);
    assert_eq!(sure("o200k_base", "moonshot/kimi-k3"), Confidence::Medium);
    assert_eq!(sure("kimi-k3", "openai/gpt-5"), Confidence::Medium);
    assert_eq!(sure("kimi-k3", "google/gemini-3.8-flash"), Confidence::Low);
}

#[test]
fn claude_since_4_7_counts_three_tenths_more_than_before() {
    let catalog = catalog_with("");
    for language in [English, Code] {
        let later = ratio(&catalog, "claude", "anthropic/claude-opus-5", language).unwrap();
        assert_eq!(later, TokenRatio { factor: 1.3, confidence: Confidence::Low });
    }
}

#[test]
fn what_stands_in_for_another_has_its_ratios() {
    let catalog = catalog_with("");
    for (name, of) in [("gpt-6", REFERENCE), ("gemma4", "gemma3"), ("gemini", "gemma3")] {
        let (stand_in, measured) =
            (catalog.find_tokenizer(name).unwrap(), catalog.find_tokenizer(of).unwrap());
        assert_eq!(stand_in.ratios, measured.ratios, "{name}");
        assert_eq!(stand_in.confidence, Confidence::Low, "{name}");
    }
}

/// Tokenizers of products that nobody measured; any other name in a table is a slip of the pen.
const NOT_MEASURED: [&str; 7] = ["cohere", "llama2", "llama4", "nova", "p50k_base", "r50k_base", "titan"];

#[test]
fn every_tokenizer_of_a_shipped_product_is_measured_or_known_not_to_be() {
    let catalog = catalog_with("");
    let (mut measured, mut chat) = (0, 0);
    for product in &catalog.products {
        let known = product.tokenizer.as_deref().map(|name| {
            let entry = catalog.tokenizers.named(name);
            assert!(entry.is_some() || NOT_MEASURED.contains(&name), "{}: {name}", product.id);
            assert!(entry.is_none_or(|entry| entry.name == name), "{}: {name}", product.id);
            entry.is_some()
        });
        if product.kind == Kind::Chat {
            chat += 1;
            measured += usize::from(known == Some(true));
        }
    }
    assert!(measured * 10 > chat * 6, "{measured} of {chat} chat models");
}

#[test]
fn a_table_of_ones_own_replaces_a_tokenizer_as_a_whole() {
    let own =
        "[[tokenizer]]\nname = \"Claude-4.7\"\nchinese = 1.4\nsource = \"own count\"\nchecked = 2026-11-22\n";
    let catalog = catalog_with(own);
    let shipped = catalog_with("");
    assert_eq!(catalog.tokenizers.known.len(), shipped.tokenizers.known.len());
    let ratio = |language| ratio(&catalog, "o200k_base", "anthropic/claude-opus-5", language);
    assert_eq!(ratio(Chinese), Some(TokenRatio { factor: 1.4, confidence: Confidence::High }));
    assert_eq!(ratio(English), None, "figures of two sources do not mix");
    // A new one, and a product that has it.
    let own = "[vendor]\nid = \"acme\"\n\n[[product]]\nid = \"m\"\nkind = \"chat\"\nnote = \"a test\"\ntokenizer = \"acme\"\n\n\
               [[tokenizer]]\nname = \"acme\"\nenglish = 1.25\nsource = \"own count\"\nchecked = 2026-11-22\n";
    let catalog = catalog_with(own);
    // 1.25 / 1.0005 = 1.249375….
    assert_eq!(factor(&catalog, "cl100k_base", "acme/m", English), 1.249_375);
}

#[test]
fn a_tokenizer_is_found_by_name_or_its_neighbours_are_named() {
    let catalog = catalog_with("");
    assert_eq!(catalog.find_tokenizer(" DeepSeek-V4 ").unwrap().name, "deepseek-v4");
    let fault = catalog.find_tokenizer("o200k-base").unwrap_err();
    assert_eq!(fault.to_string(), "unknown tokenizer `o200k-base`");
    assert!(fault.remedy().unwrap().contains("`o200k_base`"), "{:?}", fault.remedy());
    let fault = catalog.find_tokenizer("deepseek").unwrap_err();
    assert!(fault.remedy().unwrap().contains("`deepseek-v3`"), "{:?}", fault.remedy());
}

/// English of the kind that was measured, written for this test.
const ENGLISH: &str = "\
The reader of a long report seldom needs all of it. A question touches three or four paragraphs, and a search that \
finds them costs little; yet whoever puts the whole report before the model pays for every page, each time anew. \
Which of the two is cheaper depends on how often one asks, on how long the report is, and on whether the vendor keeps \
a copy of what it has read. A cache makes the second question cheap, but only while it lives, and the first one dear. \
Prices move, too: a model that was the best choice in spring may be the worst in autumn, and the difference is rarely \
printed on the first line of the price list. It is therefore worth doing the sum before the design is drawn, and once \
more when the bill arrives. Write down what you assumed, how many requests a month you expect, and how much of an \
answer the users really read. If the sum changes its sign when one of these numbers moves by a tenth, the decision is \
not about money at all, and something else should settle it: how fast the answer comes, who may see the documents, or \
how much work it is to keep an index of them in order.\n";

/// Chinese of the kind that was measured, written for this test.
const CHINESE: &str = "\
读者很少需要一份长报告的全部内容。一个问题往往只涉及三四个段落，把它们检索出来花费不多；如果每次都把整份报告放进\
提示词，那么每一页都要重新付费。两种做法哪一种更便宜，取决于提问的次数、报告的长度，以及服务商是否保留已经读过的内\
容。缓存可以让第二次提问变得便宜，但是它只在有效期之内起作用，而第一次写入反而更贵。价格也在变化：春天最合适的模型，\
到了秋天可能就是最差的选择，而这种差别很少写在价目表的第一行。因此，在设计系统之前应当先算一笔账，收到账单以后再核\
对一遍。请写下你的假设：每个月大约有多少次请求，用户真正会读多少回答，知识库每周会增加多少文档。如果其中一个数字变\
动百分之十，结论就会反过来，那么这个决定其实与费用无关，应该由别的因素来决定，例如响应速度、谁可以查看这些文件，或\
者维护索引需要多少工作。对于中文资料，还要注意分词器的区别：同样一段文字，在不同的模型上会得到不同数量的词元，按照\
词元计费的账单也就不一样。工程师在比较供应商的时候，最好使用自己的文档进行测量，而不是直接比较每百万词元的单价。\n";

/// Returns the tokens of a text in `cl100k_base` for one token of it in `o200k_base`, as counted here.
fn counted(text: &str) -> f64 {
    Vocabulary::Cl100k.count(text) as f64 / Vocabulary::O200k.count(text) as f64
}

#[test]
fn a_text_counted_with_both_vocabularies_lies_near_the_table() {
    let catalog = catalog_with("");
    let written = |language| factor(&catalog, "o200k_base", "openai/gpt-4", language);
    let (english, chinese) = (counted(ENGLISH), counted(CHINESE));
    // English 1.0005, Chinese 1.3696; short texts stray.
    assert!((english - written(English)).abs() < 0.02, "{english}");
    assert!((chinese - written(Chinese)).abs() < 0.1, "{chinese}");
}

#[test]
fn the_news_of_the_measurement_is_counted_as_it_was() {
    let news = ["seeds/000_335591327251a3ef.txt", "seeds/003_ec357db3ab661455.txt"].map(shared);
    let [Some(one), Some(other)] = news else { return };
    let tokens = |vocabulary: Vocabulary| vocabulary.count(&one) + vocabulary.count(&other);
    // 12,626 / 9,017 = 1.4002; with the manuals, which are nine times as long, 1.3696.
    let ratio = tokens(Vocabulary::Cl100k) as f64 / tokens(Vocabulary::O200k) as f64;
    assert!((ratio - 1.4002).abs() < 0.001, "{ratio}");
}

#[test]
fn reasoning_is_converted_with_the_output_that_it_is_a_part_of() {
    // Chinese has 0.8932 tokens on Gemini for one of o200k_base: 1,000 of output that are all reasoning are 893.
    let text = "[tokens]\nmeasured_with = \"o200k_base\"\nlanguage = \"chinese\"\n[workload]\nrequests_per_month = 1\n\
                [request]\nsystem_tokens = 0\nquestion_tokens = 0\noutput_tokens = 1000\nreasoning_tokens = 1000\n\
                [corpus]\ntokens = 0\n";
    let (catalog, scenario) = (catalog_with(""), scenario(text));
    let case = case(&catalog, &scenario);
    let pair = pair(&case, "google/gemini-2.5-pro:long_context");
    let found = case.evaluate(pair).unwrap();
    assert_eq!(found.usage.lines[0].output_tokens(), 893.0);
    // $10 a million; a sweep says the same.
    let swept = ragonomics::analysis::curve::Curve::new(&case, pair).sums().unwrap();
    assert!((swept.monthly - 0.00893).abs() < 1e-12);
}
