package org.mediawiki.jobqueue.changeprop.intake;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.mediawiki.jobqueue.runner.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a port take its certificate and key anew when their files have changed, and stood there alike at the look before:
 * whoever writes them may not be done yet. While they cannot be read or used, the port keeps what it has. Used on the
 * intake's context; files are read on a worker thread.
 */
final class RenewedCertificate {

    /** From one look to the next. */
    static final Duration INTERVAL = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(RenewedCertificate.class);

    private final List<Path> files;
    private final Supplier<Future<Boolean>> take;
    private final Vertx vertx;
    private final Time time;
    private final Duration interval;
    private List<Buffer> taken = List.of();
    private List<Buffer> seen = List.of();
    private boolean inTrouble;
    private boolean closed;
    private Time.Cancellation timer = Time.Cancellation.NONE;

    /** {@code take} reads the files again for the port; where it fails, the port goes on as before. */
    RenewedCertificate(List<Path> files, Supplier<Future<Boolean>> take, Vertx vertx, Time time, Duration interval) {
        this.files = files;
        this.take = take;
        this.vertx = vertx;
        this.time = time;
        this.interval = interval;
    }

    /** What stands there now is what the port begins with. Looks again and again until {@link #close}. */
    void look() {
        vertx.executeBlocking(this::contents)
                .compose(this::takeWhatHasChanged)
                .onSuccess(ignored -> inTrouble = false)
                .onFailure(this::tell)
                .onComplete(ignored -> lookLater());
    }

    void close() {
        closed = true;
        timer.cancel();
    }

    private void lookLater() {
        if (!closed) {
            timer = time.after(interval, this::look);
        }
    }

    private Future<Boolean> takeWhatHasChanged(List<Buffer> now) {
        boolean isWhole = now.equals(seen);
        seen = now;
        if (taken.isEmpty()) {
            taken = now;
        }
        if (closed || now.equals(taken) || !isWhole) {
            return Future.succeededFuture(false);
        }
        // Not before: what could not be taken is tried again.
        return take.get().onSuccess(ignored -> {
            taken = now;
            LOG.info("The intake has read its certificate anew");
        });
    }

    private void tell(Throwable failure) {
        if (!inTrouble) {
            LOG.warn(
                    "The intake cannot read its certificate anew, and keeps the one that it has: {}",
                    failure.toString());
        }
        inTrouble = true;
    }

    /** On a worker thread. */
    private List<Buffer> contents() throws IOException {
        List<Buffer> contents = new ArrayList<>();
        for (Path file : files) {
            contents.add(Buffer.buffer(Files.readAllBytes(file)));
        }
        return contents;
    }
}
