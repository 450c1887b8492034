package org.mediawiki.jobqueue.loadtest.dev;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the service once a second, as a dashboard would, and shows what it sees. On a thread of its own. */
final class Watch implements AutoCloseable {

    private static final Duration TURN = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** The stand-in's memory of so many turns is some MB. */
    private static final int TURNS_TO_REMEMBER = 3_600;

    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

    private final DevStack stack;
    private final Consumer<Summary> show;
    private final Backlog backlog;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final Summary summary = new Summary();
    private final long startNanos = System.nanoTime();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "watch"));
    private int turns;

    /** Begins at once; {@code show} is called on the watch's own thread. */
    Watch(DevStack stack, Consumer<Summary> show) {
        this.stack = stack;
        this.show = show;
        this.backlog = new Backlog(stack.bootstrapServers(), stack.group());
        var unused = thread.scheduleAtFixedRate(this::look, 0, TURN.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** After it nothing is shown any more. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("The watch did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        backlog.close();
    }

    private void look() {
        try {
            Tally tally = Tally.of(Sample.parse(metrics(), Tally.PREFIX));
            summary.update(Duration.ofNanos(System.nanoTime() - startNanos), tally, backlog.uncommitted());
            show.accept(summary);
        } catch (IOException | KafkaException e) {
            LOG.warn("The service could not be looked at: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (++turns % TURNS_TO_REMEMBER == 0) {
            stack.forgetRequests();
        }
    }

    private String metrics() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(stack.adminAddress() + "/metrics"))
                .timeout(PATIENCE)
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
}
