package org.mediawiki.jobqueue.changeprop.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.runner.FakeTime;

/** Which life follows which, and what it finds on the disk. */
@Timeout(60)
class SupervisorTest {

    @TempDir
    private Path parent;

    private final BlockingQueue<FakeApplication> lives = new LinkedBlockingQueue<>();

    /** What each life found that began. */
    private final List<Boolean> foundStores = new CopyOnWriteArrayList<>();

    /** How long each life waits for what its admin client has not been answered. */
    private final List<String> adminPatience = new CopyOnWriteArrayList<>();

    private final Supervisor supervisor = new Supervisor(new FakeLives(), SchedulerListener.NONE);
    private final Thread thread = new Thread(supervisor, "supervisor-test");

    @AfterEach
    void end() throws InterruptedException {
        supervisor.close();
        thread.join();
    }

    @Test
    void storesThatCannotBeUsedAreDiscarded() throws IOException {
        lives.add(new FakeApplication().thatFailsWith(new ProcessorStateException("corrupt")));
        lives.add(new FakeApplication());
        begin();
        await().until(() -> foundStores.size() == 2);
        assertThat(foundStores).containsExactly(true, false);
    }

    /** Its threads may write there still; but once they have ended nothing keeps a later life from a new beginning. */
    @Test
    void storesThatCannotBeUsedAreDiscardedWhenALifeThatDidNotStopInTimeHasEnded() throws IOException {
        FakeApplication slow = new FakeApplication().thatStopsLate().before(supervisor::renew);
        lives.add(slow);
        lives.add(new FakeApplication().thatFailsWith(new ProcessorStateException("corrupt")));
        lives.add(new FakeApplication()
                .thatFailsWith(new ProcessorStateException("corrupt"))
                .before(slow::hasStopped));
        lives.add(new FakeApplication());
        begin();
        await().atMost(Duration.ofSeconds(30)).until(() -> foundStores.size() == 4);
        assertThat(foundStores).containsExactly(true, true, true, false);
        assertThat(supervisor.leftRunning()).isFalse();
    }

    /** A future that was waited for in vain is remembered by what it waits for. */
    @Test
    void aLongLifeIsNotRememberedOnceForEachTurn() throws IOException {
        FakeApplication life = new FakeApplication();
        lives.add(life);
        begin();
        await().atMost(Duration.ofSeconds(30)).until(() -> life.turns.get() >= 4);
        assertThat(life.end.getNumberOfDependents()).isEqualTo(1);
    }

    /** Brokers that are silent would have it wait for a minute, and all that is to be closed after it as well. */
    @Test
    void whatBrokersDoNotAnswerIsNotWaitedForAtTheEnd() throws Exception {
        lives.add(new FakeApplication());
        begin();
        await().until(() -> foundStores.size() == 1);

        supervisor.close();
        thread.join();

        assertThat(adminPatience).containsExactly(Duration.ofSeconds(1).toString());
    }

    private void begin() throws IOException {
        Files.createDirectories(store());
        thread.start();
    }

    private Path store() {
        return parent.resolve("cluster").resolve("0_0");
    }

    /** Each life is the next of {@link #lives}. */
    private final class FakeLives implements Supervisor.Lives {

        @Override
        public void prepare() {
            // Everything is there.
        }

        @Override
        public StoreFolder folder(Admin admin) {
            return new StoreFolder(parent, "cluster", new FakeTime());
        }

        @Override
        public Application create(boolean exactlyOnce, Path folder) {
            foundStores.add(Files.exists(store()));
            try {
                Files.createDirectories(folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            FakeApplication next = lives.remove();
            next.whenItBegins.run();
            return next;
        }

        /** One that brokers never answer. */
        @Override
        public Admin admin() {
            return (Admin) Proxy.newProxyInstance(
                    Admin.class.getClassLoader(), new Class<?>[] {Admin.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("close")) {
                            adminPatience.add(arguments == null ? "no end" : arguments[0].toString());
                            return null;
                        }
                        throw new KafkaException("no answer");
                    });
        }

        @Override
        public Purge purge(Admin admin) {
            return new Purge(admin, "application", "scheduled");
        }

        @Override
        public AbandonedTransactions abandoned(Admin admin) {
            return new AbandonedTransactions(admin, "application");
        }
    }

    /** Ends when it is told to, or at once by a failure. */
    private static final class FakeApplication implements Application {

        private Optional<Throwable> failure = Optional.empty();
        private final AtomicInteger turns = new AtomicInteger();
        private boolean stopsInTime = true;
        private Runnable whenItBegins = () -> {};
        private final CompletableFuture<Void> end = new CompletableFuture<>();

        FakeApplication thatFailsWith(RuntimeException thrown) {
            failure = Optional.of(thrown);
            return this;
        }

        FakeApplication thatStopsLate() {
            stopsInTime = false;
            return this;
        }

        /** {@code action} runs when it begins. */
        FakeApplication before(Runnable action) {
            whenItBegins = action;
            return this;
        }

        void hasStopped() {
            end.complete(null);
        }

        @Override
        public void start() {
            if (failure.isPresent()) {
                end.complete(null);
            }
        }

        @Override
        public CompletableFuture<Void> end() {
            return end;
        }

        @Override
        public Optional<Throwable> failure() {
            return failure;
        }

        @Override
        public boolean close(Duration patience) {
            if (stopsInTime) {
                end.complete(null);
            }
            return end.isDone();
        }

        @Override
        public boolean closeByForce(Duration patience) {
            return close(patience);
        }

        @Override
        public Optional<String> unready() {
            turns.incrementAndGet();
            return Optional.empty();
        }

        @Override
        public ReadOnlyKeyValueStore<byte[], byte[]> store(int partition) {
            throw new InvalidStateStoreException("none");
        }
    }
}
