package org.mediawiki.jobqueue.changeprop.config.load;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import java.io.IOException;
import java.util.function.Function;

/** Reads a value that is written as text; what {@code parse} refuses with an IllegalArgumentException is no such value. */
final class FromText<T> extends StdScalarDeserializer<T> {

    private static final long serialVersionUID = 1;

    private final transient Function<String, T> parse;

    FromText(Class<T> type, Function<String, T> parse) {
        super(type);
        this.parse = parse;
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        try {
            return parse.apply(parser.getValueAsString(""));
        } catch (IllegalArgumentException e) {
            return context.reportInputMismatch(this, "%s", e.getMessage());
        }
    }
}
