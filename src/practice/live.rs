//! Interviews in use: one machine each behind a lock, and everybody who follows what happens in it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, atomic::AtomicBool},
    time::Duration,
};

use futures_util::Stream;
use tokio::{
    sync::{broadcast, mpsc, watch},
    time::timeout,
};
use tokio_stream::wrappers::ReceiverStream;

use super::{Practice, PracticeError, now};
use crate::{
    interview::{Event, Interview, InterviewId, Next, Recorded, Refusal},
    store::{Job, JobOutcome, RecordError},
};

/// Interviews kept in memory before those that nobody uses are let go.
const KEPT: usize = 512;

/// How many events a slow follower may lag behind before it reads them from the store instead.
const BACKLOG: usize = 256;

/// How often a follower looks into the store for what another process recorded.
const OTHER_PROCESS: Duration = Duration::from_secs(5);

/// Something that a follower of an interview learns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LiveEvent {
    /// An entry was recorded; it will be replayed to whoever comes later.
    Entry(Recorded),
    /// The interviewer is speaking: everything said so far, not yet recorded.
    Saying { text: String },
}

/// One interview in use.
#[derive(Debug)]
pub(super) struct Live {
    id: InterviewId,
    /// Empty means that it must be read from the store.
    pub(super) machine: tokio::sync::Mutex<Option<Interview>>,
    events: broadcast::Sender<LiveEvent>,
    saying: Mutex<Option<String>>,
    /// Counts changes, for whoever waits for one.
    moved: watch::Sender<u64>,
    pub(super) driving: AtomicBool,
}

impl Live {
    fn new(id: InterviewId) -> Self {
        Self {
            id,
            machine: tokio::sync::Mutex::new(None),
            events: broadcast::Sender::new(BACKLOG),
            saying: Mutex::new(None),
            moved: watch::Sender::new(0),
            driving: AtomicBool::new(false),
        }
    }

    pub(super) fn id(&self) -> &InterviewId {
        &self.id
    }

    /// What the interviewer is saying right now.
    pub(super) fn saying(&self) -> Option<String> {
        self.saying.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Tells everybody what the interviewer has said so far; `None` when the words are recorded or dropped.
    pub(super) fn says(&self, text: Option<String>) {
        self.saying.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&text);
        if let Some(text) = text {
            // Nobody listening is no error.
            let _ = self.events.send(LiveEvent::Saying { text });
        }
    }

    fn publish(&self, recorded: &[Recorded]) {
        for one in recorded {
            let _ = self.events.send(LiveEvent::Entry(one.clone()));
        }
        self.moved.send_modify(|count| *count += 1);
    }
}

/// All interviews in use.
#[derive(Debug, Default)]
pub(super) struct LiveInterviews(Mutex<HashMap<InterviewId, Arc<Live>>>);

impl LiveInterviews {
    pub(super) fn get(&self, id: &InterviewId) -> Arc<Live> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(live) = all.get(id) {
            return Arc::clone(live);
        }
        if all.len() >= KEPT {
            all.retain(|_, live| Arc::strong_count(live) > 1);
        }
        let live = Arc::new(Live::new(id.clone()));
        all.insert(id.clone(), Arc::clone(&live));
        live
    }

    pub(super) fn forget_all(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    pub(super) fn forget(&self, id: &InterviewId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }
}

/// How the entries that an event brings about are written.
#[derive(Debug)]
pub(super) enum Write<'a> {
    /// By themselves; the key belongs to the first.
    Entries { key: Option<&'a str> },
    /// As a step of the driver, which is dropped where something else is wanted by now: words for one task must
    /// never be taken for those of another.
    Step { of: &'a Next },
    /// Together with the end of a scoring job.
    Job { job: &'a Job, outcome: JobOutcome<'a> },
}

impl Practice {
    /// Lets the machine take an event, keeps what it recorded, and tells everybody. The lock is held until
    /// the entries are on the disk, so memory never runs ahead of it.
    pub(super) async fn apply(
        &self,
        live: &Arc<Live>,
        event: Event,
        write: Write<'_>,
    ) -> Result<Vec<Recorded>, PracticeError> {
        // Another process may record in between; then the interview is read again, twice at most.
        for _ in 0..3 {
            let mut slot = live.machine.lock().await;
            // Taken out, so that a cancelled request leaves the slot empty and the store decides.
            let (mut machine, from_memory) = match slot.take() {
                Some(machine) => (machine, true),
                None => (self.read(live.id()).await?, false),
            };
            if let Write::Step { of } = write
                && machine.next() != of
            {
                *slot = Some(machine);
                return Err(Refusal::NotYet.into());
            }
            let at = now();
            let recorded = match machine.on(event.clone(), at) {
                Ok(recorded) => recorded,
                // What does not fit here may fit what another process has made of the interview since.
                Err(_) if from_memory && self.is_behind(live.id(), machine.last_seq()).await? => continue,
                Err(refusal) => {
                    *slot = Some(machine);
                    return Err(refusal.into());
                }
            };
            let kept = match &write {
                _ if recorded.is_empty() => Ok(true),
                Write::Entries { key } => self.0.store.record(live.id(), &recorded, *key).await.map(|()| true),
                Write::Step { .. } => self.0.store.record(live.id(), &recorded, None).await.map(|()| true),
                Write::Job { job, outcome } => {
                    self.0.store.finish_job(job, self.0.worker, outcome, &recorded, at).await
                }
            };
            match kept {
                Ok(true) => {
                    let next = machine.next().clone();
                    *slot = Some(machine);
                    drop(slot);
                    live.publish(&recorded);
                    // A closed answer or a wanted score has queued a job.
                    self.0.queued.notify_one();
                    if matches!(next, Next::Say(_) | Next::Weigh { .. }) {
                        self.drive(live);
                    }
                    return Ok(recorded);
                }
                // The lease went to another worker, which records the outcome itself.
                Ok(false) => return Ok(Vec::new()),
                Err(RecordError::Outrun) => {}
                Err(RecordError::KeyTaken) => return Err(PracticeError::KeyReused),
                Err(RecordError::Gone) => return Err(PracticeError::NotFound(live.id().clone())),
                Err(RecordError::Store(error)) => return Err(error.into()),
            }
        }
        Err(PracticeError::Contended)
    }

    /// Reads an interview from the store.
    pub(super) async fn read(&self, id: &InterviewId) -> Result<Interview, PracticeError> {
        let row = self.0.store.interview(id).await?.ok_or_else(|| PracticeError::NotFound(id.clone()))?;
        let questions = row.questions.into_iter().map(Arc::new).collect();
        Ok(Interview::restore(row.plan, questions, row.started_at, row.entries))
    }

    /// Looks at the interview as it is now.
    pub(super) async fn look<T>(&self, live: &Live, at: impl FnOnce(&Interview) -> T) -> Result<T, PracticeError> {
        let mut slot = live.machine.lock().await;
        if slot.is_none() {
            *slot = Some(self.read(live.id()).await?);
        }
        let Some(machine) = slot.as_ref() else { return Err(PracticeError::NotFound(live.id().clone())) };
        Ok(at(machine))
    }

    /// Whether the store holds entries after `known`, recorded by another process.
    async fn is_behind(&self, id: &InterviewId, known: u64) -> Result<bool, PracticeError> {
        let last = self.0.store.last_seq(id).await?;
        Ok(last.ok_or_else(|| PracticeError::NotFound(id.clone()))? > known)
    }

    /// Forgets the machine in memory where another process has recorded something since. The lock is held
    /// meanwhile, so that what this process records is never taken for another's.
    pub(super) async fn catch_up(&self, live: &Live) -> Result<(), PracticeError> {
        let mut slot = live.machine.lock().await;
        let Some(known) = slot.as_ref().map(Interview::last_seq) else { return Ok(()) };
        if self.is_behind(live.id(), known).await.inspect_err(|_| *slot = None)? {
            *slot = None;
            live.moved.send_modify(|count| *count += 1);
        }
        Ok(())
    }

    /// Makes sure that the interview is there, as all processes together have left it.
    pub(super) async fn ensure_exists(&self, id: &InterviewId) -> Result<(), PracticeError> {
        let live = self.0.live.get(id);
        let found = async {
            self.catch_up(&live).await?;
            self.look(&live, |_| ()).await
        };
        found.await.inspect_err(|error| {
            if matches!(error, PracticeError::NotFound(_)) {
                self.0.live.forget(id);
            }
        })
    }

    /// Waits until `found` gives something, looking after every change.
    pub(super) async fn wait_until<T>(
        &self,
        id: &InterviewId,
        found: impl Fn(&Interview) -> Option<T>,
    ) -> Result<T, PracticeError> {
        self.ensure_exists(id).await?;
        let live = self.0.live.get(id);
        let mut moved = live.moved.subscribe();
        loop {
            moved.mark_unchanged();
            self.kick(&live).await?;
            if let Some(found) = self.look(&live, &found).await? {
                return Ok(found);
            }
            if timeout(super::OTHER_PROCESS, moved.changed()).await.is_err() {
                self.catch_up(&live).await?;
            }
        }
    }
}

/// First what is recorded after `after`, then what comes. Ends when the follower is gone or the server stops.
pub(super) fn follow(
    practice: Practice,
    live: Arc<Live>,
    after: u64,
) -> impl Stream<Item = Result<LiveEvent, PracticeError>> + Send + use<> {
    let (to, from) = mpsc::channel(16);
    let mut events = live.events.subscribe();
    let stop = practice.0.stop.clone();
    tokio::spawn(async move {
        let forward = async {
            let mut last = after;
            let mut replay = true;
            loop {
                if replay {
                    // Whoever was to move the interview on may be gone: another process, or a step that failed.
                    let moved_on = async {
                        practice.catch_up(&live).await?;
                        practice.kick(&live).await
                    };
                    if let Err(error) = moved_on.await {
                        to.send(Err(error)).await.ok()?;
                        return None;
                    }
                    match practice.0.store.entries(live.id(), last).await {
                        Ok(recorded) => {
                            for one in recorded {
                                last = one.seq;
                                to.send(Ok(LiveEvent::Entry(one))).await.ok()?;
                            }
                        }
                        Err(error) => {
                            to.send(Err(error.into())).await.ok()?;
                            return None;
                        }
                    }
                    if let Some(text) = live.saying() {
                        to.send(Ok(LiveEvent::Saying { text })).await.ok()?;
                    }
                }
                replay = match timeout(OTHER_PROCESS, events.recv()).await {
                    Ok(Ok(LiveEvent::Entry(one))) if one.seq <= last => false,
                    Ok(Ok(LiveEvent::Entry(one))) if one.seq == last + 1 => {
                        last = one.seq;
                        to.send(Ok(LiveEvent::Entry(one))).await.ok()?;
                        false
                    }
                    Ok(Ok(saying @ LiveEvent::Saying { .. })) => {
                        to.send(Ok(saying)).await.ok()?;
                        false
                    }
                    // A gap, a lag or silence: the store knows better.
                    Ok(Ok(LiveEvent::Entry(_)) | Err(broadcast::error::RecvError::Lagged(_))) | Err(_) => true,
                    Ok(Err(broadcast::error::RecvError::Closed)) => return None::<()>,
                };
            }
        };
        tokio::select! {
            _ = forward => {}
            () = to.closed() => {}
            () = stop.cancelled() => {}
        }
    });
    ReceiverStream::new(from)
}
