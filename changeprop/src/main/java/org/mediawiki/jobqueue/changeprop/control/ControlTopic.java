package org.mediawiki.jobqueue.changeprop.control;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.bulletin.Bulletin;
import org.mediawiki.jobqueue.changeprop.config.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The overrides that stand in the control topic, as this instance knows them. Any thread; what is read comes on the
 * channel's one reading thread.
 *
 * <p>An override ends by its time, whoever looks at which clock. To clear one is to let it end now, so every instance
 * hears who did it and why. What has ended is removed from the topic later, and nothing else ever is: so a removal that
 * comes just after a new override of the same knob is known to be a late one, and undone.
 */
public final class ControlTopic implements Control, AutoCloseable {

    /** What has ended is kept for so long, for people to look it up, and so that clocks may differ. */
    static final Duration KEEP = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger(ControlTopic.class);

    private final Channel channel;
    private final InstantSource clock;
    private final Runnable onChange;

    /** Written by the reading thread, read by all. */
    private volatile Overrides known = Overrides.NONE;

    /**
     * Nothing is read before the {@link #start}.
     *
     * @param open opens the channel, which tells the listener that it is given
     * @param onChange runs on the reading thread when an override was set or cleared; not when one ends by its time
     */
    public ControlTopic(Function<Bulletin.Listener, Channel> open, InstantSource clock, Runnable onChange) {
        this.clock = clock;
        this.onChange = onChange;
        this.channel = open.apply((key, value, at) -> told(key, value));
    }

    /**
     * Begins to read.
     *
     * @return completes when everything is known that stands in the topic; bound the wait
     */
    public CompletableFuture<Void> start() {
        channel.start();
        return channel.caughtUp();
    }

    @Override
    public List<OperatorOverride> list() {
        return known.inForce(clock.instant()).list();
    }

    @Override
    public CompletableFuture<Void> set(OperatorOverride override) {
        return write(override);
    }

    @Override
    public CompletableFuture<Void> clear(Knob knob, String by, String reason) {
        return channel.caughtUp().thenCompose(ignored -> {
            Instant now = clock.instant();
            return known.inForce(now)
                    .of(knob)
                    .map(override ->
                            write(new OperatorOverride(knob, override.value(), by, reason, now, Optional.of(now))))
                    .orElseGet(() -> CompletableFuture.completedFuture(null));
        });
    }

    /** What holds now, where {@code configuration} is the file's. */
    public Configuration appliedTo(Configuration configuration) {
        return known.inForce(clock.instant()).appliedTo(configuration);
    }

    /** Removes from the topic what ended long ago. Call it now and then. */
    public void sweep() {
        known.over(clock.instant().minus(KEEP)).forEach(override -> {
            var unused = channel.write(override.knob().key(), null).exceptionally(failure -> {
                LOG.debug("An override that is over could not be removed yet: {}", override.knob(), failure);
                return null;
            });
        });
    }

    @Override
    public void close() {
        channel.close();
    }

    private CompletableFuture<Void> write(OperatorOverride override) {
        return channel.write(override.knob().key(), OverrideCodec.encode(override))
                .thenCompose(ignored -> channel.caughtUp());
    }

    private void told(String key, byte @Nullable [] value) {
        Optional<Knob> knob = Knob.of(key);
        if (knob.isEmpty()) {
            LOG.warn("There is an override of {}, which this version knows nothing of", key);
        } else if (value == null) {
            removed(knob.get());
        } else {
            changed(knob.get(), value);
        }
    }

    private void removed(Knob knob) {
        Optional<OperatorOverride> override = known.of(knob);
        if (override.isPresent() && !override.get().isOver(clock.instant())) {
            var unused = write(override.get()).exceptionally(failure -> {
                LOG.error("The override of {} is in force, but those who start later will not know it", knob, failure);
                return null;
            });
        } else {
            known = known.without(knob);
        }
    }

    private void changed(Knob knob, byte[] value) {
        try {
            OperatorOverride override = OverrideCodec.decode(knob, value);
            if (known.of(knob).filter(override::equals).isEmpty()) {
                known = known.with(override);
                log(override);
                onChange.run();
            }
        } catch (IllegalArgumentException e) {
            LOG.warn("The override of {} cannot be read, and the file holds: {}", knob, e.getMessage());
            known = known.without(knob);
            onChange.run();
        }
    }

    private void log(OperatorOverride override) {
        if (!override.isOver(clock.instant())) {
            LOG.info(
                    "Override: {} is {} {}, by {}: {}",
                    override.knob(),
                    override.value(),
                    override.until().map(until -> "until " + until).orElse("until it is cleared"),
                    override.by(),
                    override.reason());
        } else if (override.until().filter(override.at()::equals).isPresent()) {
            LOG.info("Override: {} was cleared by {}: {}", override.knob(), override.by(), override.reason());
        }
    }
}
