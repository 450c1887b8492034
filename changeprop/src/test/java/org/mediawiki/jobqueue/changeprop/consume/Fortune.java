package org.mediawiki.jobqueue.changeprop.consume;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Lets misfortunes befall those who are there, and ends them when their time is over. */
final class Fortune {

    private final SimulatedWorld around;
    private final Simulation world;
    private final Cast cast;

    /** Those whom misfortunes befall. */
    interface Cast {

        /** Who is there and not about to end. */
        List<ModelInstance> alive();

        /** Who is there, was there, or is about to end. */
        Iterable<ModelInstance> all();

        /** Somebody new. */
        void join();

        /** Once it is gone, and not before {@code nanos}. */
        void startAgain(ModelInstance gone, long nanos);
    }

    Fortune(SimulatedWorld around, Cast cast) {
        this.around = around;
        this.world = around.world();
        this.cast = cast;
    }

    /** Now. Whom it has befallen already, of the same kind, it leaves alone. */
    void strike(Misfortune misfortune) {
        List<ModelInstance> alive = cast.alive();
        if (alive.isEmpty()) {
            return;
        }
        ModelInstance victim = alive.get(misfortune.victim() % alive.size());
        Ways ways = victim.ways();
        Moods moods = around.moods();
        long until = misfortune.endNanos();
        switch (misfortune.kind()) {
            case REBALANCE -> around.group().shuffle();
            case JOIN -> cast.join();
            case LEAVE -> {
                victim.stop();
                startAgain(victim, misfortune);
            }
            case KILL -> {
                victim.kill();
                startAgain(victim, misfortune);
            }
            case RENEW -> victim.renew();
            case FREEZE -> during(until, ways::isFrozen, victim::freeze);
            case CUT -> during(until, ways::isCutOff, victim::cutOff);
            case DEAF -> during(until, ways::isDeaf, is -> victim.suffer("hears no notes", is, ways::deafen));
            case DUMB -> during(until, ways::isDumb, is -> victim.suffer("can write no notes", is, ways::silence));
            case LATE_LANE ->
                during(until, ways::isLaneAsleep, is -> victim.suffer("has a lane that is late", is, ways::sleep));
            case SLOW -> during(until, moods::isSlow, mood("the brokers are slow", moods::slow));
            case NO_NOTES -> during(until, moods::isBoardGone, mood("nobody has any notes", moods::boardGone));
            case AWAY ->
                during(until, moods::isCoordinatorAway, mood("the coordinator is away", isAway -> {
                    moods.coordinatorAway(isAway);
                    around.group().goAway(isAway);
                }));
            case REFUSAL -> {
                List<TopicPartition> partitions =
                        around.log().partitions().stream().sorted(Shares.ORDER).toList();
                TopicPartition one = partitions.get((int) world.noise("refused", partitions.size()));
                during(until, moods::isRefusing, mood("no commit of " + one + " is taken", isRefusing -> {
                    moods.refusing(isRefusing);
                    around.group().refuse(isRefusing ? one : null);
                }));
            }
        }
    }

    private void startAgain(ModelInstance gone, Misfortune misfortune) {
        if (misfortune.again()) {
            cast.startAgain(gone, misfortune.endNanos());
        }
    }

    private void during(long until, BooleanSupplier isAlready, Consumer<Boolean> change) {
        if (!isAlready.getAsBoolean()) {
            change.accept(true);
            world.at(until, () -> change.accept(false));
        }
    }

    private Consumer<Boolean> mood(String what, Consumer<Boolean> change) {
        return is -> {
            around.journal().note(() -> (is ? "" : "no more: ") + what);
            change.accept(is);
            cast.all().forEach(ModelInstance::isAffected);
        };
    }
}
