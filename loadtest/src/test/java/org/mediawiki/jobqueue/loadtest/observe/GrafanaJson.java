package org.mediawiki.jobqueue.loadtest.observe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Pattern;

/**
 * Makes what Grafana reads of what {@code src/test/resources/dashboards} says: there, a panel is its title, its queries
 * and its unit; here is what all of them have in common. Grafana 9 and later read it.
 */
final class GrafanaJson {

    /** Dots lead from these to traces. */
    private static final Pattern NAMES_TRACES =
            Pattern.compile("jobqueue_verdicts_total|rule_processing(?:_total)?_delay_bucket");

    private static final int ROW_WIDTH = 24;
    private static final int DEFAULT_WIDTH = 12;
    private static final int PANEL_HEIGHT = 8;
    private static final int STAT_HEIGHT = 4;

    /** Grafana's word for a variable that is not shown. */
    private static final int HIDDEN = 2;

    private final ObjectMapper mapper = new ObjectMapper();
    private final JsonNode source;
    private final ArrayNode panels = mapper.createArrayNode();
    private int x;
    private int y;
    private int lineHeight;

    private GrafanaJson(JsonNode source) {
        this.source = source;
    }

    static ObjectNode of(JsonNode source) {
        return new GrafanaJson(source).dashboard();
    }

    private ObjectNode dashboard() {
        ObjectNode dashboard = mapper.createObjectNode();
        dashboard.put("uid", text("uid")).put("title", text("title")).put("description", text("description"));
        dashboard.putArray("tags").add("jobqueue");
        dashboard.put("schemaVersion", 39).put("editable", true).put("graphTooltip", 1);
        dashboard.put("refresh", "30s");
        dashboard.putObject("time").put("from", "now-3h").put("to", "now");
        dashboard.putObject("templating").set("list", variables());
        dashboard.putArray("links").add(linkToTheOthers());
        source.get("rows").forEach(this::row);
        dashboard.set("panels", panels);
        return dashboard;
    }

    private ArrayNode variables() {
        ArrayNode list = mapper.createArrayNode();
        list.addObject()
                .put("name", "datasource")
                .put("label", "Prometheus")
                .put("type", "datasource")
                .put("query", "prometheus");
        list.add(variable("job", "label_values(jobqueue_build_info, job)"));
        JsonNode own = source.path("variables");
        own.fieldNames().forEachRemaining(name -> list.add(variable(name, own.get(name))));
        return list;
    }

    /** What is more than a query follows from what people choose: nobody sees it. */
    private ObjectNode variable(String name, JsonNode said) {
        if (said.isTextual()) {
            return variable(name, said.asText());
        }
        ObjectNode hidden = variable(name, said.get("query").asText());
        return hidden.put("regex", said.get("regex").asText()).put("hide", HIDDEN);
    }

    private ObjectNode variable(String name, String query) {
        ObjectNode variable = mapper.createObjectNode();
        variable.put("name", name).put("label", name).put("type", "query").put("query", query);
        // Anew whenever the time range changes: types come and go.
        variable.put("refresh", 2).put("sort", 1);
        variable.set("datasource", datasource());
        return variable;
    }

    private ObjectNode linkToTheOthers() {
        ObjectNode link = mapper.createObjectNode();
        link.put("title", "Job queue").put("type", "dashboards").put("asDropdown", true);
        link.put("includeVars", true).put("keepTime", true).putArray("tags").add("jobqueue");
        return link;
    }

    private void row(JsonNode row) {
        newLine();
        ObjectNode header = panels.addObject();
        header.put("id", panels.size())
                .put("type", "row")
                .put("title", row.get("title").asText());
        header.put("collapsed", false).putArray("panels");
        header.set("gridPos", position(ROW_WIDTH, 1));
        row.get("panels").forEach(this::panel);
    }

    private void panel(JsonNode panel) {
        String kind = panel.path("kind").asText("timeseries");
        ObjectNode made = panels.addObject();
        made.put("id", panels.size()).put("type", kind);
        made.put("title", panel.get("title").asText());
        made.put("description", panel.get("description").asText());
        made.set("datasource", datasource());
        made.set(
                "gridPos",
                position(panel.path("width").asInt(DEFAULT_WIDTH), kind.equals("stat") ? STAT_HEIGHT : PANEL_HEIGHT));
        made.putObject("fieldConfig").set("defaults", defaults(panel));
        made.set("options", options(kind));
        made.set("targets", targets(panel.get("queries"), kind));
    }

    private ObjectNode defaults(JsonNode panel) {
        ObjectNode defaults = mapper.createObjectNode();
        defaults.put("unit", panel.get("unit").asText()).put("min", 0);
        ObjectNode custom = defaults.putObject("custom");
        custom.put("fillOpacity", panel.path("stack").asBoolean() ? 40 : 0).put("lineWidth", 2);
        custom.putObject("stacking").put("mode", panel.path("stack").asBoolean() ? "normal" : "none");
        ObjectNode thresholds = defaults.putObject("thresholds");
        ArrayNode steps = thresholds.put("mode", "absolute").putArray("steps");
        // Blue, yellow, red: also eyes that see no green tell them apart.
        steps.addObject().put("color", "blue").putNull("value");
        if (panel.has("warn")) {
            steps.addObject()
                    .put("color", "yellow")
                    .put("value", panel.get("warn").asDouble());
            steps.addObject()
                    .put("color", "red")
                    .put("value", panel.get("alarm").asDouble());
        }
        return defaults;
    }

    private ObjectNode options(String kind) {
        ObjectNode options = mapper.createObjectNode();
        if (kind.equals("stat")) {
            options.put("graphMode", "area").put("colorMode", "value");
            options.putObject("reduceOptions").putArray("calcs").add("lastNotNull");
        } else if (kind.equals("timeseries")) {
            options.putObject("tooltip").put("mode", "multi").put("sort", "desc");
            options.putObject("legend").put("displayMode", "list").put("placement", "bottom");
        }
        return options;
    }

    private ArrayNode targets(JsonNode queries, String kind) {
        ArrayNode targets = mapper.createArrayNode();
        queries.fieldNames().forEachRemaining(legend -> {
            ObjectNode target = targets.addObject();
            target.put("refId", Character.toString('A' + targets.size() - 1));
            target.put("expr", queries.get(legend).asText());
            target.put("legendFormat", legend.isEmpty() ? "__auto" : legend);
            if (kind.equals("timeseries")
                    && NAMES_TRACES.matcher(queries.get(legend).asText()).find()) {
                target.put("exemplar", true);
            }
            if (kind.equals("table")) {
                target.put("format", "table").put("instant", true);
            }
            target.set("datasource", datasource());
        });
        return targets;
    }

    private ObjectNode datasource() {
        return mapper.createObjectNode().put("type", "prometheus").put("uid", "${datasource}");
    }

    /** The next place from left to right, then below. */
    private ObjectNode position(int width, int height) {
        if (x + width > ROW_WIDTH) {
            newLine();
        }
        ObjectNode position = mapper.createObjectNode();
        position.put("x", x).put("y", y).put("w", width).put("h", height);
        x += width;
        lineHeight = Math.max(lineHeight, height);
        return position;
    }

    private void newLine() {
        y += lineHeight;
        x = 0;
        lineHeight = 0;
    }

    private String text(String field) {
        return source.get(field).asText();
    }
}
