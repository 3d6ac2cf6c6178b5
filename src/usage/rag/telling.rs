//! What is told of an index, for whoever wants a bill explained.

use super::super::{Calls, Job, Told};
use super::{
    Index, as_embedded, cut, dimensions, documents, own_tokens, payload_bytes, record_bytes, searched_units,
};
use crate::catalog::StoreRule;
use crate::scenario::Param;
use crate::units::{BYTES_PER_GB, HOURS_PER_MONTH};

/// How many chunks one document of the usual length makes.
const CHUNKS: &str = "max(1, 1 + ⌈({corpus.document_tokens} − {retrieval.chunk_tokens}) ÷ ({retrieval.chunk_tokens} − {retrieval.overlap_tokens})⌉)";

/// How many the rest makes.
const CHUNKS_OF_REST: &str = "max(1, 1 + ⌈({rest of the corpus} − {retrieval.chunk_tokens}) ÷ ({retrieval.chunk_tokens} − {retrieval.overlap_tokens})⌉)";

impl Index {
    /// Returns the tokens that are written before each chunk.
    fn context(&self, job: &Job<'_>) -> f64 {
        self.piece - own_tokens(job)
    }

    /// Tells how the corpus is cut, and what of it is embedded.
    pub fn tell(&self, job: &Job<'_>, calls: &mut dyn Calls) {
        let Some(told) = calls.told() else { return };
        tell_documents(job, told);
        told.words("retrieval.overlap_tokens", job.overlap(), "");
        let context = self.context(job);
        told.formula("context of a chunk", context, "{contextual.context_tokens}");
        let chunks = "{whole documents} × {chunks of a document}[ + {chunks of the rest}]";
        told.formula("chunks", self.cut.count, chunks);
        told.formula(
            "tokens of all chunks",
            self.cut.tokens,
            "{corpus.tokens} + ({chunks} − {documents}) × {retrieval.overlap_tokens}[ + {chunks} × {context of a chunk}]",
        );
        let whole = job.text(Param::ChunkTokens).min(job.text(Param::DocumentTokens));
        let piece = if own_tokens(job) < whole {
            "{corpus.tokens}[ + {context of a chunk}]"
        } else {
            "min({retrieval.chunk_tokens}, {corpus.document_tokens})[ + {context of a chunk}]"
        };
        told.formula("tokens of a chunk", self.piece, piece);
        told.words(
            "corpora",
            job.corpora(),
            "one, or one for each of {tenants.count} where each has its own",
        );
        let factor = job.parts.embedding_tokens / job.tokens;
        told.words("tokens on the embedding model for one", factor, "by measured texts");
        let embedded = as_embedded(job, self.cut.tokens);
        told.formula(
            "tokens to embed",
            embedded,
            "{tokens of all chunks}[ × {tokens on the embedding model for one}]",
        );
    }

    /// Tells what is looked up for a request.
    pub fn tell_search(&self, job: &Job<'_>, wanted: f64, calls: &mut dyn Calls) {
        let Some(told) = calls.told() else { return };
        let question = as_embedded(job, job.text(Param::QuestionTokens));
        let formula = "{request.question_tokens}[ × {tokens on the embedding model for one}]";
        told.formula("question as embedded", question, formula);
        let retrieved = "min(min({retrieval.top_k}, {chunks}) × {tokens of a chunk}, {tokens of all chunks})";
        told.formula("retrieved", self.tokens_of(job.number(Param::TopK)), retrieved);
        let known = told.named("candidates").is_some();
        told.formula("chunks wanted", wanted, if known { "{candidates}" } else { "{retrieval.top_k}" });
    }

    /// Tells how large records are, and by which rules the store counts.
    pub fn tell_store(&self, job: &Job<'_>, rule: &StoreRule, calls: &mut dyn Calls) {
        let Some(told) = calls.told() else { return };
        const RULE: &str = "by the store's rules";
        told.words("dimensions", dimensions(job, rule), "of the embedding model, or the store's own");
        told.words("bytes of a dimension", rule.bytes_per_dimension, RULE);
        told.words("bytes of overhead", rule.record_overhead_bytes, RULE);
        told.words(
            "metadata of a chunk",
            self.metadata,
            "{retrieval.metadata_bytes}, more where a context is written before the chunk",
        );
        let beside = "{bytes of overhead} + {metadata of a chunk}";
        told.formula("bytes beside a vector", payload_bytes(rule, self), beside);
        let records = "{chunks} × ({dimensions} × {bytes of a dimension}[ + {retrieval.sparse_values} × {bytes of a value}] + \
                       {bytes beside a vector}[ + {indexed text of a chunk}])";
        told.formula("bytes of records", record_bytes(job, rule, self), records);
        told.words("bytes of a value", rule.bytes_per_sparse_value, RULE);
        told.words("indexed text of a chunk", self.text, "{retrieval.text_bytes}, more with a context");
        told.words("bytes of a write unit", rule.bytes_per_write_unit, RULE);
        told.words("fewest write units", rule.minimum_write_units, RULE);
        told.words("read units per GB", rule.read_units_per_gb, RULE);
        told.words("step of read units", rule.read_unit_step, RULE);
        told.words("records of a read unit", rule.fetched_per_read_unit, RULE);
        let (bytes, exact) =
            (record_bytes(job, rule, self), "{bytes of records} ÷ {bytes of a GB} × {read units per GB}");
        let stepped = "⌈{bytes of records} ÷ {bytes of a GB} × {read units per GB} ÷ {step of read units}⌉ × {step of read units}";
        let formula = if rule.read_unit_step > 0.0 { stepped } else { exact };
        told.formula("read units of a search", searched_units(rule, bytes), formula);
        told.words("fewest read units", rule.minimum_read_units, RULE);
        told.words("fewest bytes queried", rule.minimum_bytes_queried, RULE);
        told.words("index factor", rule.index_factor, RULE);
        told.words("bytes of a GB", f64::from(BYTES_PER_GB), "10^9");
        told.words("hours of a month", f64::from(HOURS_PER_MONTH), "a twelfth of a year");
    }
}

/// Tells into which documents and chunks the corpus falls.
fn tell_documents(job: &Job<'_>, told: &mut Told) {
    let (corpus, document) = (job.text(Param::CorpusTokens), job.text(Param::DocumentTokens));
    let (chunk, overlap) = (job.text(Param::ChunkTokens), job.overlap());
    let whole = (corpus / document).floor();
    let rest = corpus - whole * document;
    told.formula("whole documents", whole, "⌊{corpus.tokens} ÷ {corpus.document_tokens}⌋");
    told.formula(
        "rest of the corpus",
        rest,
        "{corpus.tokens} − {whole documents} × {corpus.document_tokens}",
    );
    told.formula("chunks of a document", cut(document, chunk, overlap).count, CHUNKS);
    let of_rest = if rest > 0.0 { cut(rest, chunk, overlap).count } else { 0.0 };
    told.formula("chunks of the rest", of_rest, if rest > 0.0 { CHUNKS_OF_REST } else { "0" });
    let count = documents(corpus, document).map(|alike| alike.count).sum();
    told.words("documents", count, "{whole documents}, and one more for what is left of {corpus.tokens}");
}
