package org.mediawiki.jobqueue.changeprop.config.load;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.mediawiki.jobqueue.changeprop.config.EffectiveConfig;

/** Names that refer to nothing, and job types that more than one place claims. */
final class ReferenceCheck implements Check {

    private static final JsonPointer TARGETS = JsonPointer.compile("/targets");
    private static final JsonPointer LANES = JsonPointer.compile("/lanes");

    @Override
    public void check(Document document, Consumer<Problem> problems) {
        checkPlaces(document, problems);
        JsonNode lanes = document.root().path("lanes");
        List<String> targets = new ArrayList<>();
        document.root().path("targets").fieldNames().forEachRemaining(targets::add);
        if (lanes.isEmpty() && targets.size() > 1) {
            problems.accept(document.problem(
                    LANES, "is missing", "with more than one target, say which lane runs which job types where"));
        }
        for (Map.Entry<String, JsonNode> lane : lanes.properties()) {
            JsonPointer at = LANES.appendProperty(lane.getKey());
            checkTarget(document, at.appendProperty("target"), targets, problems);
            checkReservedName(document, at.appendProperty("jobs"), problems);
        }
        checkLowTraffic(document, lanes, problems);
        checkJobTypes(document, lanes, problems);
    }

    /** Each target says its place once: by a URI, or by a server group that there is. */
    private static void checkPlaces(Document document, Consumer<Problem> problems) {
        List<String> groups = new ArrayList<>();
        document.root().path("server_groups").fieldNames().forEachRemaining(groups::add);
        for (Map.Entry<String, JsonNode> target :
                document.root().path("targets").properties()) {
            JsonPointer at = TARGETS.appendProperty(target.getKey());
            if (target.getValue().isObject()) {
                checkPlace(document, at, target.getValue(), groups, problems);
            }
        }
    }

    private static void checkPlace(
            Document document, JsonPointer at, JsonNode target, List<String> groups, Consumer<Problem> problems) {
        JsonNode group = target.path("server_group");
        if (group.isMissingNode() && !target.has("uri")) {
            problems.accept(document.problem(
                    at.appendProperty("uri"),
                    "is missing",
                    "such as https://host.example.org:4448/path, or name a" + " `server_group`"));
        } else if (!group.isMissingNode() && target.has("uri")) {
            problems.accept(
                    document.problem(at.appendProperty("server_group"), "goes in place of `uri`", "keep one of them"));
        } else if (group.isMissingNode() && target.has("path")) {
            problems.accept(document.problem(
                    at.appendProperty("path"), "belongs to a `server_group`", "the path of a `uri` stands in it"));
        } else if (group.isTextual() && !groups.contains(group.asText())) {
            String hint = groups.isEmpty()
                    ? "write the table `server_groups`, with host and port of each"
                    : Spelling.hint(group.asText(), groups);
            problems.accept(document.problem(at.appendProperty("server_group"), "there is no such server group", hint));
        }
    }

    private static void checkTarget(
            Document document, JsonPointer at, List<String> targets, Consumer<Problem> problems) {
        JsonNode target = document.root().at(at);
        if (target.isMissingNode() && targets.size() > 1) {
            problems.accept(document.problem(at, "is missing", "one of " + String.join(", ", targets)));
        } else if (target.isTextual() && !targets.contains(target.asText())) {
            problems.accept(document.problem(at, "there is no such target", Spelling.hint(target.asText(), targets)));
        }
    }

    private static void checkReservedName(Document document, JsonPointer jobs, Consumer<Problem> problems) {
        JsonPointer at = jobs.appendProperty(EffectiveConfig.LOW_TRAFFIC);
        if (!document.root().at(at).isMissingNode()) {
            problems.accept(document.problem(
                    at, "is the name of the pool of all other job types", "write its settings under `low_traffic`"));
        }
    }

    private static void checkLowTraffic(Document document, JsonNode lanes, Consumer<Problem> problems) {
        String first = "";
        for (Map.Entry<String, JsonNode> lane : lanes.properties()) {
            if (!lane.getValue().has("low_traffic")) {
                continue;
            }
            if (first.isEmpty()) {
                first = lane.getKey();
            } else {
                JsonPointer at = LANES.appendProperty(lane.getKey()).appendProperty("low_traffic");
                problems.accept(document.problem(
                        at, "only one lane may have it", "lane " + first + " has it already; remove one of them"));
            }
        }
    }

    private static void checkJobTypes(Document document, JsonNode lanes, Consumer<Problem> problems) {
        Map<String, String> owners = new HashMap<>();
        for (Map.Entry<String, JsonNode> lane : lanes.properties()) {
            JsonPointer jobs = LANES.appendProperty(lane.getKey()).appendProperty("jobs");
            lane.getValue().path("jobs").fieldNames().forEachRemaining(type -> {
                String owner = owners.putIfAbsent(type, lane.getKey());
                if (owner != null) {
                    problems.accept(document.problem(
                            jobs.appendProperty(type),
                            "only one lane may name a job type",
                            "lane " + owner + " names it already; remove one of them"));
                }
            });
        }
        for (Map.Entry<String, JsonNode> lane : lanes.properties()) {
            JsonPointer exclude = LANES.appendProperty(lane.getKey()).appendProperty("exclude");
            checkExcluded(document, exclude, owners, problems);
        }
    }

    private static void checkExcluded(
            Document document, JsonPointer at, Map<String, String> owners, Consumer<Problem> problems) {
        JsonNode exclude = document.root().at(at);
        for (int i = 0; i < exclude.size(); i++) {
            String owner = owners.get(exclude.path(i).asText());
            if (owner != null) {
                problems.accept(document.problem(
                        at.appendIndex(i),
                        "what is excluded must not have an entry of its own",
                        "lane " + owner + " names it; remove one of them"));
            }
        }
    }
}
