//! What is kept: interviews as entries, drafts, scorecards and the jobs that make them, in SQLite.

mod calls;
mod entries;
mod interviews;
mod jobs;
mod preferences;
mod scorecards;
mod tailorings;

use std::{path::Path, str::FromStr, time::Duration};

use sqlx::{
    Connection as _, Sqlite, SqlitePool, Transaction,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

pub use calls::{CallRow, ReplyRow};
pub use entries::RecordError;
pub use interviews::{InterviewRow, ListFilter, SummaryRow};
pub use jobs::{Job, JobOutcome};

use crate::config::without_password;

/// How long a statement waits for another process that writes to the same file.
const BUSY: Duration = Duration::from_secs(5);

/// The database. Cheap to clone.
///
/// The file takes one writer at a time: all writes go through one connection, which queues them in order
/// instead of letting them fail, and reads go through a pool of their own.
#[derive(Debug, Clone)]
pub struct Store {
    write: SqlitePool,
    read: SqlitePool,
}

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error(
        "the database {url} cannot be opened: {source}; check the path and its permissions, or choose another with --data-dir"
    )]
    Open { url: String, source: sqlx::Error },
    #[error("the database address {0} is not understood: write sqlite:///path/to/file.db")]
    Address(String),
    #[error("the data folder {path} cannot be made: {source}; choose another with --data-dir")]
    Folder { path: String, source: std::io::Error },
    #[error(
        "the database {url} cannot be brought up to date: {source}; if a newer greenroom has used it, use that one"
    )]
    Migrate { url: String, source: sqlx::migrate::MigrateError },
    #[error("the database did not answer as expected: {0}; nothing was changed, try again")]
    Query(#[from] sqlx::Error),
    #[error("the database holds something that cannot be read ({what}): {reason}")]
    Unreadable { what: String, reason: String },
}

impl Store {
    /// Opens the database at `url` (`sqlite:///path`), creates the file and its folder where missing, and
    /// brings it up to date.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"));
        let Some(path) = path.filter(|path| !path.is_empty()) else {
            return Err(StoreError::Address(without_password(url)));
        };
        let open = |source| StoreError::Open { url: url.to_owned(), source };
        let options = SqliteConnectOptions::from_str(url).map_err(open)?;
        // The options' own path, because the address may hold escaped characters.
        if let Some(folder) = options.get_filename().parent().filter(|_| !path.starts_with(':')) {
            make_private_folder(folder)
                .map_err(|source| StoreError::Folder { path: folder.display().to_string(), source })?;
        }
        let options = options
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // An answer that was acknowledged survives a power cut, not only a crash.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY);
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            // A full disk makes SQLite roll back by itself, and the driver goes on believing in the transaction: such
            // a connection would refuse every later one, so another takes its place.
            .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
            .connect_with(options.clone())
            .await
            .map_err(open)?;
        let migrate = |source| StoreError::Migrate { url: url.to_owned(), source };
        sqlx::migrate!().run(&write).await.map_err(migrate)?;
        let read = SqlitePoolOptions::new().max_connections(4).connect_lazy_with(options.read_only(true));
        Ok(Self { write, read })
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query_scalar::<_, i64>("SELECT 1").fetch_one(&self.read).await?;
        Ok(())
    }

    /// Writes what is pending into the main file and closes every connection.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }

    /// A transaction that holds the write lock from its start, so that it never fails half-way for want of it.
    async fn begin(&self) -> Result<Transaction<'static, Sqlite>, sqlx::Error> {
        self.write.begin_with("BEGIN IMMEDIATE").await
    }
}

/// Makes the folder with access for its owner alone: it will hold what people said.
fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn unreadable(what: impl Into<String>, reason: impl std::fmt::Display) -> StoreError {
    StoreError::Unreadable { what: what.into(), reason: reason.to_string() }
}

#[cfg(test)]
mod tests;
