package org.mediawiki.jobqueue.changeprop.admin.api;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.mediawiki.jobqueue.changeprop.schedule.Answer;
import org.mediawiki.jobqueue.changeprop.schedule.Reason;
import org.mediawiki.jobqueue.changeprop.schedule.WaitingId;
import org.mediawiki.jobqueue.changeprop.schedule.WaitingJobs;
import org.mediawiki.jobqueue.changeprop.status.History;
import org.mediawiki.jobqueue.changeprop.status.Status;
import org.mediawiki.jobqueue.changeprop.status.TypeKey;

/** An instance without lanes, which keeps some partitions of what waits, and knows others by where they can be asked. */
final class FakeInstance implements ThisInstance, WaitingJobs {

    private final String name;
    private final List<Peer> others = new CopyOnWriteArrayList<>();
    private final Set<Integer> kept = ConcurrentHashMap.newKeySet();
    private final Set<WaitingId> waiting = ConcurrentHashMap.newKeySet();
    private final List<WaitingId> ordered = new CopyOnWriteArrayList<>();
    private volatile Future<Status> status = Future.failedFuture("it has none");

    FakeInstance(String name) {
        this.name = name;
    }

    void knows(String other, int port) {
        knows(other, URI.create("http://127.0.0.1:" + port));
    }

    /** As it announces itself, however strangely. */
    void knows(String other, URI admin) {
        others.add(new Peer(other, admin));
    }

    /** It keeps a partition, in which these wait. */
    void keeps(int partition, WaitingId... ids) {
        kept.add(partition);
        waiting.addAll(List.of(ids));
    }

    /** It says this of itself. */
    void is(Status now) {
        status = Future.succeededFuture(now);
    }

    /** What was ordered of it to be run or dropped. */
    Set<WaitingId> ordered() {
        return new HashSet<>(ordered);
    }

    @Override
    public Answer<Map<String, Long>> countByType() {
        return new Answer.Known<>(Map.of());
    }

    @Override
    public <T> Answer<Page<T>> list(
            Optional<String> type, Optional<String> after, int limit, Function<Waiting, T> view) {
        Optional<WaitingId> last = after.flatMap(WaitingId::parse);
        List<WaitingId> left = waiting.stream()
                .filter(id -> type.isEmpty() || type.get().equals(id.type()))
                .filter(id -> last.isEmpty() || WaitingId.BY_DUE.compare(id, last.get()) > 0)
                .sorted(WaitingId.BY_DUE)
                .toList();
        List<WaitingId> page = left.subList(0, Math.min(limit, left.size()));
        Optional<String> next =
                left.size() > limit ? Optional.of(page.get(limit - 1).text()) : Optional.empty();
        return new Answer.Known<>(
                new Page<>(page.stream().map(FakeInstance::job).map(view).toList(), next));
    }

    @Override
    public Answer<Optional<Waiting>> find(WaitingId id) {
        return kept.contains(id.partition())
                ? new Answer.Known<>(Optional.of(id).filter(waiting::contains).map(FakeInstance::job))
                : new Answer.NotYet<>("another instance keeps it");
    }

    @Override
    public Future<Void> runNow(Collection<WaitingId> ids) {
        ordered.addAll(ids);
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> drop(Collection<WaitingId> ids) {
        return runNow(ids);
    }

    private static Waiting job(WaitingId id) {
        return new Waiting(id, Instant.ofEpochMilli(id.dueMillis()), Reason.DELAY, "topic", 0, Buffer.buffer("{}"));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public WaitingJobs waitingJobs() {
        return this;
    }

    @Override
    public List<Peer> others() {
        return others;
    }

    @Override
    public Optional<Status> lastKnown(String instance, String trouble) {
        return Optional.empty();
    }

    @Override
    public Future<Status> status() {
        return status;
    }

    @Override
    public List<TypeKey> types() {
        return List.of();
    }

    @Override
    public List<History.Point> points(TypeKey type) {
        return List.of();
    }

    @Override
    public Future<List<Sighting>> sightings(String id) {
        return Future.succeededFuture(List.of());
    }

    @Override
    public Future<List<Done>> done(String id) {
        return Future.succeededFuture(List.of());
    }

    @Override
    public Optional<Future<Trial>> tryOn(String target, TrialJob job) {
        return Optional.empty();
    }

    @Override
    public List<String> targets() {
        return List.of();
    }
}
