package org.mediawiki.jobqueue.runner.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.dns.AddressResolverOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.mediawiki.jobqueue.runner.Attempt;
import org.mediawiki.jobqueue.runner.Job;
import org.mediawiki.jobqueue.runner.Target;
import org.mediawiki.jobqueue.runner.Time;

/**
 * A target reached by HTTP or HTTPS (SPEC section 3, "Request to the runner").
 *
 * <p>One POST per job: no redirects, no hidden retries, the record's very bytes as the body. Connections are kept alive
 * and replaced when they are {@code max_connection_age} old, never under a request.
 *
 * <p>It stands on Vert.x' core client, not on its WebClient: the Host header names the wiki while TLS must verify the
 * target's own name. The core client keeps the two apart; WebClient's {@code virtualHost} would verify the wiki's.
 *
 * <p>Belongs to one lane: {@link #send} and {@link #close} are called on the lane's context, and answered there.
 */
public final class HttpTarget implements Target {

    private final Vertx vertx;
    private final Generations generations;
    private final BooleanSupplier maySend;
    private TargetSettings settings;
    private RequestForm form;
    private Diagnosis diagnosis;

    HttpTarget(Vertx vertx, TargetSettings settings, Time time, BooleanSupplier maySend) {
        this.maySend = maySend;
        this.vertx = vertx;
        this.settings = settings;
        this.form = new RequestForm(settings);
        this.diagnosis = diagnosis(settings);
        this.generations = new Generations(
                new ClientFactory(vertx, settings)::open, settings.connections().maxAge(), time);
    }

    /**
     * Opens the target. Nothing connects before the first job, so a target that is down is no failure here.
     *
     * <p>How long a resolved name is believed is the {@code vertx}' affair: open it with {@link #nameResolution}.
     */
    public static HttpTarget open(Vertx vertx, TargetSettings settings) {
        return open(vertx, settings, () -> true);
    }

    /**
     * As the other. {@code maySend} is asked when a job has its connection, just before it is written: where it may not be sent
     * any more, that is an {@link Attempt.NotSent}. On the lane's context.
     */
    public static HttpTarget open(Vertx vertx, TargetSettings settings, BooleanSupplier maySend) {
        return new HttpTarget(vertx, settings, Time.of(vertx), maySend);
    }

    /**
     * How the {@code vertx} of a target should resolve names. They are asked for once in {@code max_connection_age}, so
     * nothing need be remembered: what a name server says holds for new connections at once, and so does
     * {@code /etc/hosts}, which Vert.x would otherwise read at its start only. Without this, a record's time to live adds
     * to {@code max_connection_age}.
     *
     * <p>It has no effect where {@code -Dvertx.disableDnsResolver=true} leaves names to the JVM, which remembers them for
     * 30 s.
     */
    public static AddressResolverOptions nameResolution() {
        return new AddressResolverOptions()
                .setCacheMaxTimeToLive(0)
                .setHostsRefreshPeriodUnit(TimeUnit.SECONDS)
                .setHostsRefreshPeriod(1);
    }

    /**
     * Other settings from here on, another place included; where they are as before, nothing happens. Requests under way
     * end as they began.
     */
    public void reconfigure(TargetSettings next) {
        if (!next.equals(settings)) {
            settings = next;
            form = new RequestForm(next);
            diagnosis = diagnosis(next);
            generations.reconfigure(
                    new ClientFactory(vertx, next)::open, next.connections().maxAge());
        }
    }

    @Override
    public Future<Attempt> send(Job job, Duration timeout) {
        return new Exchange(vertx, settings.requests(), diagnosis, generations, maySend).start(form, job, timeout);
    }

    @Override
    public Future<Optional<String>> obstacle() {
        Generation generation = generations.current();
        return generation.request(form.options()).transform(connected -> {
            generation.release();
            if (connected.failed()) {
                generations.leadsNowhere(generation);
                return Future.succeededFuture(
                        Optional.of(diagnosis.notConnected(connected.cause()).reason()));
            }
            // Nothing was written, so the reset is no error that anybody should hear of.
            return connected
                    .result()
                    .exceptionHandler(reset -> {})
                    .reset()
                    .transform(ignored -> Future.succeededFuture(Optional.empty()));
        });
    }

    @Override
    public Future<Void> close() {
        return generations.close();
    }

    private static Diagnosis diagnosis(TargetSettings settings) {
        String peer = settings.uri().getHost() + ":" + RequestForm.port(settings.uri());
        return new Diagnosis(peer, settings.connections().connectTimeout());
    }
}
