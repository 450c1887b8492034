package org.mediawiki.jobqueue.changeprop.status;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The last hour of every job type, in steps of {@link #STEP}: bounded, whatever happens. Fed by a timer, read by anybody;
 * guarded by its own lock.
 */
public final class History {

    /** How long one point is. */
    public static final Duration STEP = Duration.ofSeconds(10);

    /** An hour. */
    public static final int POINTS = 360;

    /** Types beyond these have no history; the meters know no more of them either. */
    private static final int MOST_TYPES = 1_000;

    private static final int MINUTE = 6;

    private final Map<TypeKey, Track> tracks = new HashMap<>();

    /**
     * One step of a type.
     *
     * @param step which one: seconds since the epoch by {@link #STEP}, so that those of several instances can be added
     */
    public record Point(long step, Window window, long running, long waiting, long backlog) {

        private boolean isIdle() {
            return running == 0 && waiting == 0 && backlog == 0 && window.equals(Window.NOTHING);
        }

        Point and(Point other) {
            return new Point(
                    step,
                    window.plus(other.window),
                    running + other.running,
                    waiting + other.waiting,
                    backlog + other.backlog);
        }
    }

    private static final class Track {
        private Window total = Window.NOTHING;
        private Map<String, Long> verdicts = Map.of();
        private final Deque<Point> points = new ArrayDeque<>();
        private final Deque<Labelled> labelled = new ArrayDeque<>();
        private boolean begun;
    }

    /** Only steps in which something ended. */
    private record Labelled(long step, Map<String, Long> verdicts) {}

    /** What a type's meters say now: all since the process began, and the present use. */
    public record Sample(Window total, Map<String, Long> verdicts, long running, long waiting, long backlog) {}

    /** A step is over. Counters of a type that is seen for the first time after the start have begun at 0. */
    public synchronized void add(Instant now, Map<TypeKey, Sample> samples) {
        long step = step(now);
        samples.forEach((key, sample) -> {
            if (tracks.size() < MOST_TYPES || tracks.containsKey(key)) {
                add(step, tracks.computeIfAbsent(key, ignored -> new Track()), sample);
            }
        });
    }

    /** What ended within the last {@code steps}, with what ended since the last step by {@code total}. */
    public synchronized Window last(TypeKey key, int steps, Window total, Instant now) {
        Track track = tracks.get(key);
        if (track == null) {
            return total;
        }
        Window sum = total.minus(track.total);
        for (Point point : track.points) {
            sum = point.step() > step(now) - steps ? sum.plus(point.window()) : sum;
        }
        return sum;
    }

    /** What the attempts of the last hour came to. */
    public synchronized Map<String, Long> verdicts(TypeKey key, Map<String, Long> total) {
        Track track = tracks.get(key);
        if (track == null) {
            return total;
        }
        Map<String, Long> sum = new TreeMap<>(difference(total, track.verdicts));
        track.labelled.forEach(step -> step.verdicts().forEach((label, count) -> sum.merge(label, count, Long::sum)));
        return sum;
    }

    /** The points of a type, oldest first; steps in which nothing was going on are left out. */
    public synchronized List<Point> points(TypeKey key) {
        Track track = tracks.get(key);
        return track == null ? List.of() : List.copyOf(track.points);
    }

    /** Every type that has any. */
    public synchronized List<TypeKey> types() {
        return List.copyOf(new TreeSet<>(tracks.keySet()));
    }

    /** The steps of a minute. */
    public static int stepsOfAMinute() {
        return MINUTE;
    }

    /** Adds up what several instances know of a type. Pure. */
    public static List<Point> merged(List<List<Point>> all) {
        Map<Long, Point> byStep = new TreeMap<>();
        all.forEach(points -> points.forEach(point -> byStep.merge(point.step(), point, Point::and)));
        return new ArrayList<>(byStep.values());
    }

    private static long step(Instant now) {
        return now.getEpochSecond() / STEP.toSeconds();
    }

    private static void add(long step, Track track, Sample sample) {
        Window ended = track.begun ? sample.total().minus(track.total) : sample.total();
        Map<String, Long> verdicts = difference(sample.verdicts(), track.verdicts);
        track.begun = true;
        track.total = sample.total();
        track.verdicts = Map.copyOf(sample.verdicts());
        Point last = track.points.peekLast();
        if (last != null && last.step() == step) {
            track.points.removeLast();
            ended = last.window().plus(ended);
        }
        Point point = new Point(step, ended, sample.running(), sample.waiting(), sample.backlog());
        if (!point.isIdle()) {
            track.points.addLast(point);
        }
        if (!verdicts.isEmpty()) {
            track.labelled.addLast(new Labelled(step, verdicts));
        }
        while (!track.points.isEmpty() && track.points.getFirst().step() <= step - POINTS) {
            track.points.removeFirst();
        }
        while (!track.labelled.isEmpty() && track.labelled.getFirst().step() <= step - POINTS) {
            track.labelled.removeFirst();
        }
    }

    private static Map<String, Long> difference(Map<String, Long> now, Map<String, Long> before) {
        Map<String, Long> difference = new TreeMap<>();
        now.forEach((label, count) -> {
            long more = count - before.getOrDefault(label, 0L);
            if (more > 0) {
                difference.put(label, more);
            }
        });
        return difference;
    }
}
