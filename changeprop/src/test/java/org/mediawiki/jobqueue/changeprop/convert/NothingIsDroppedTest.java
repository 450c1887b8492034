package org.mediawiki.jobqueue.changeprop.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** Puts a key that nobody knows into each map of a configuration in turn: each time it must be refused, or told of. */
class NothingIsDroppedTest {

    private static final String SURPRISE = "surprise";

    /** Maps whose keys are names that people choose. */
    private static final Set<String> OF_NAMES = Set.of("partition_map");

    static Stream<Place> places() {
        return Stream.concat(
                places("config.yaml", LegacyExamples.RENDERED), places("values.yaml", LegacyExamples.VALUES));
    }

    @ParameterizedTest
    @MethodSource("places")
    void aKeyThatNobodyKnowsIsRefusedOrToldOf(Place place) {
        String text = place.withSurprise();
        ConversionResult result =
                place.form().equals("config.yaml") ? LegacyExamples.convert(text) : LegacyExamples.convertValues(text);

        List<String> told = result.match(
                converted ->
                        converted.differences().stream().map(Difference::path).toList(),
                refused -> refused.refusals().stream().map(Refusal::path).toList());

        assertThat(told).anyMatch(path -> path.contains(SURPRISE) || isAround(path, place));
    }

    /** A block that was told of as a whole. */
    private static boolean isAround(String path, Place place) {
        return !path.isEmpty()
                && ((place.path() + ".").startsWith(path + ".") || place.path().startsWith(path + "["));
    }

    private static Stream<Place> places(String form, String text) {
        List<Place> places = new ArrayList<>();
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        collect(new Yaml().load(text), "", seen, path -> places.add(new Place(form, text, path)));
        return places.stream().filter(place -> OF_NAMES.stream().noneMatch(place.path()::endsWith));
    }

    /** Each map once, by its first path: aliases stay aliases. */
    private static void collect(Object node, String path, Set<Object> seen, Consumer<String> maps) {
        if (node instanceof Map<?, ?> map) {
            if (seen.add(map)) {
                maps.accept(path);
                map.forEach((key, value) -> collect(value, below(path, key), seen, maps));
            }
        } else if (node instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                collect(list.get(i), path + "[" + i + "]", seen, maps);
            }
        }
    }

    private static String below(String path, Object key) {
        return path.isEmpty() ? key.toString() : path + "." + key;
    }

    /** A map in a file. */
    record Place(String form, String text, String path) {

        /** The file with one key more in this map. */
        String withSurprise() {
            Object content = new Yaml().load(text);
            add(content, "");
            return new Yaml().dump(content);
        }

        @SuppressWarnings("unchecked")
        private boolean add(Object node, String at) {
            if (node instanceof Map<?, ?> map) {
                if (at.equals(path)) {
                    ((Map<String, Object>) map).put(SURPRISE, "1");
                    return true;
                }
                return map.entrySet().stream().anyMatch(entry -> add(entry.getValue(), below(at, entry.getKey())));
            } else if (node instanceof List<?> list) {
                return IntStream.range(0, list.size()).anyMatch(i -> add(list.get(i), at + "[" + i + "]"));
            }
            return false;
        }

        @Override
        public String toString() {
            return form + ": " + (path.isEmpty() ? "(root)" : path);
        }
    }
}
