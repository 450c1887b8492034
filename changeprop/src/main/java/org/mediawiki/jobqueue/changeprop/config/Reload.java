package org.mediawiki.jobqueue.changeprop.config;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * What becomes of a changed file in a process that runs: what can change does, what needs a restart stays as it was.
 * Pure.
 *
 * @param configuration what holds from here on
 * @param needRestart the keys that differ and stay as they were, as the file writes them
 */
public record Reload(Configuration configuration, List<String> needRestart) {

    private static final Set<String> OF_LANES = Set.of("lanes", "targets");

    public Reload {
        needRestart = List.copyOf(needRestart);
    }

    /**
     * Which lanes a process runs.
     *
     * @param running their names, in the order in which they are opened
     * @param all whether it runs every lane of the file, as opposed to those that it was told to
     */
    public record Lanes(Set<String> running, boolean all) {

        public Lanes {
            running = Ordered.copy(running);
        }

        /** Every lane of the file, which says {@code configuration}. */
        public static Lanes allOf(Configuration configuration) {
            return new Lanes(configuration.lanes().keySet(), true);
        }

        /** Those with these names, whatever others the file has or gets. */
        public static Lanes only(Collection<String> names) {
            return new Lanes(new LinkedHashSet<>(names), false);
        }

        /** Those that it would run if it started with {@code configuration}. */
        private Set<String> wantedBy(Configuration configuration) {
            Collection<String> known = configuration.lanes().keySet();
            Set<String> wanted = new TreeSet<>(known);
            if (!all) {
                wanted.retainAll(running);
            }
            return wanted;
        }
    }

    /**
     * Compares.
     *
     * @param present what the file said when it was last read without fault, as far as that could hold
     * @param wanted what it says now
     * @param lanes those of the process; where the file wants it to run others, the lanes and their targets stay as they
     *     were, lest jobs be given up to a lane that nobody runs
     */
    public static Reload of(Configuration present, Configuration wanted, Lanes lanes) {
        boolean sameLanes = lanes.wantedBy(wanted).equals(lanes.running());
        RecordCopy<Configuration> copy = RecordCopy.of(wanted);
        List<String> needRestart = new ArrayList<>();
        for (RecordComponent component : Configuration.class.getRecordComponents()) {
            Setting setting = component.getAnnotation(Setting.class);
            boolean stays =
                    (setting != null && setting.restart()) || (!sameLanes && OF_LANES.contains(component.getName()));
            Object before = RecordCopy.valueOf(present, component);
            if (stays && !Objects.equals(before, RecordCopy.valueOf(wanted, component))) {
                copy.with(component.getName(), before);
                needRestart.add(key(component.getName()));
            }
        }
        if (sameLanes) {
            copy.with("lanes", lanes(present, wanted, lanes, needRestart));
        }
        return new Reload(copy.make(), needRestart);
    }

    /** Those of the file, and of them the process's own with the drain timeout that their loops were opened with. */
    private static Map<String, LaneConfig> lanes(
            Configuration present, Configuration wanted, Lanes lanes, List<String> needRestart) {
        Map<String, LaneConfig> all = new LinkedHashMap<>(wanted.lanes());
        for (String name : lanes.running()) {
            LaneConfig before = present.lanes().get(name);
            LaneConfig after = all.get(name);
            if (before != null && after != null && !Objects.equals(before.drainTimeout(), after.drainTimeout())) {
                all.put(name, after.withDrainTimeout(before.drainTimeout()));
                needRestart.add("lanes." + name + ".drain_timeout");
            }
        }
        return all;
    }

    private static String key(String component) {
        return component.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
