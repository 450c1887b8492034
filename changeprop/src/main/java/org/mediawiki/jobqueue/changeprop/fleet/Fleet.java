package org.mediawiki.jobqueue.changeprop.fleet;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.bulletin.Bulletin;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;

/**
 * The whole fleet as its topic shows it; the same on every instance, but for what has not come yet. Any thread.
 *
 * <p>Told by the bulletin's thread, asked by all others; every method holds the one lock for a moment.
 */
public final class Fleet implements Bulletin.Listener {

    static final String INSTANCE = "instance/";
    static final String STATE = "state/";

    private final Identity own;
    private final Roster roster;
    private final Notebook notebook;
    private final Map<String, InstanceState> states = new HashMap<>();
    private long changes;

    public Fleet(Identity own) {
        this.own = own;
        this.roster = new Roster(own);
        this.notebook = new Notebook(roster);
    }

    /** This run of this instance. */
    public Identity own() {
        return own;
    }

    /**
     * Every instance that has not said that it has ended, by name, be it {@linkplain Member#present() present} or not. Who
     * has been silent for ten minutes is gone.
     */
    public synchronized Collection<Member> members() {
        return roster.members();
    }

    /** Whoever has this name; empty where it has said that it has ended, or nothing. */
    public synchronized Optional<Member> member(String name) {
        return roster.member(name);
    }

    /**
     * What an instance did when it said so last; up to five seconds old, and older where it is not
     * {@linkplain Member#present() present}.
     */
    public synchronized Optional<InstanceState> stateOf(String name) {
        return Optional.ofNullable(states.get(name));
    }

    /** How many hand-over notes there are, of jobs that run and of jobs that have ended. */
    public synchronized int notes() {
        return notebook.size();
    }

    @Override
    public synchronized void told(String key, byte @Nullable [] value, Instant at) {
        if (key.startsWith(INSTANCE)) {
            instance(key.substring(INSTANCE.length()), value, at);
        } else if (key.startsWith(STATE)) {
            state(key.substring(STATE.length()), value);
        } else {
            Place.ofKey(key).ifPresent(place -> note(place, value));
        }
        changes++;
    }

    synchronized Map<Place, Note> notesOf(TopicPartition partition) {
        return notebook.of(partition);
    }

    synchronized Optional<Ending> endOf(Place place) {
        return notebook.endOf(place);
    }

    synchronized long changes() {
        return changes;
    }

    synchronized long beats() {
        return roster.beats();
    }

    /** As {@link Roster#dead}. */
    synchronized List<String> dead() {
        return roster.dead();
    }

    private void instance(String name, byte @Nullable [] value, Instant at) {
        if (value == null) {
            roster.left(name);
            states.remove(name);
            return;
        }
        FleetJson.instance(name, value).ifPresent(instance -> roster.heard(instance, at));
    }

    private void state(String name, byte @Nullable [] value) {
        Optional<InstanceState> state = value == null ? Optional.empty() : StateJson.read(value);
        state.ifPresentOrElse(present -> states.put(name, present), () -> states.remove(name));
    }

    private void note(Place place, byte @Nullable [] value) {
        Optional<Note> note = value == null ? Optional.empty() : FleetJson.note(value);
        note.ifPresentOrElse(present -> notebook.told(place, present), () -> notebook.removed(place));
    }
}
