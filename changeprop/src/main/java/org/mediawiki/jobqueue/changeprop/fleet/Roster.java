package org.mediawiki.jobqueue.changeprop.fleet;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Who is there. Pure: changes only with what it is told.
 *
 * <p>Time is counted in our own heartbeats, as they stand in the topic between those of the others: whoever is silent
 * while ten of ours come has lapsed. So neither clocks that differ nor a standstill of Kafka or of ourselves make
 * somebody lapse who is well, and who watches need not have been awake.
 */
final class Roster {

    /** At one each second. */
    static final int MOST_MISSED = 10;

    /** Whoever is silent for as many has died without saying so, or will come back as if it were new: ten minutes. */
    static final int MOST_SILENT = 600;

    private final Identity own;
    private final Map<String, Entry> entries = new TreeMap<>();
    private long ownBeats;

    Roster(Identity own) {
        this.own = own;
    }

    /** Somebody, and how many of our heartbeats had come when it was heard of last. */
    private record Entry(Instance instance, Instant heardAt, long heardAtBeat) {}

    /** A heartbeat of an instance. */
    void heard(Instance instance, Instant at) {
        if (instance.identity().equals(own)) {
            ownBeats++;
        }
        entries.put(instance.identity().name(), new Entry(instance, at, ownBeats));
    }

    /** An instance has ended. */
    void left(String name) {
        entries.remove(name);
    }

    /** Whether {@code who} is there, so that what it says of its jobs holds. We ourselves always are. */
    boolean counts(Identity who) {
        if (who.equals(own)) {
            return true;
        }
        Entry entry = entries.get(who.name());
        return entry != null && entry.instance().identity().equals(who) && !hasLapsed(entry);
    }

    /** How many of our own heartbeats have come. */
    long beats() {
        return ownBeats;
    }

    /** The names of all who have been silent, under our eyes, for so long that nothing they said is of use. */
    List<String> dead() {
        return entries.values().stream()
                .filter(entry -> ownBeats - entry.heardAtBeat() >= MOST_SILENT)
                .map(entry -> entry.instance().identity().name())
                .toList();
    }

    /** Everybody who has not said that it has ended, by name. */
    Collection<Member> members() {
        return entries.values().stream().map(this::member).toList();
    }

    /** The one of that name. */
    Optional<Member> member(String name) {
        return Optional.ofNullable(entries.get(name)).map(this::member);
    }

    private Member member(Entry entry) {
        return new Member(entry.instance(), entry.heardAt(), isPresent(entry));
    }

    /**
     * What came before our own first heartbeat stood in the topic already, and its author may have died long ago. Its notes
     * {@linkplain #counts count} for ten heartbeats all the same: nothing is run a second time too early.
     */
    private boolean isPresent(Entry entry) {
        return entry.heardAtBeat() > 0 && counts(entry.instance().identity());
    }

    private boolean hasLapsed(Entry entry) {
        return ownBeats - entry.heardAtBeat() >= MOST_MISSED;
    }
}
