package org.mediawiki.jobqueue.runner.verdict;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Reads an answer's body as JSON, token by token, without building a tree: bodies may be cut, nested a thousand deep,
 * or no JSON at all.
 */
final class JsonBody {

    private static final JsonFactory JSON = new JsonFactory();

    /**
     * Where the answers of both protocols say what went wrong, best first: {@code message} in the REST endpoint's and
     * the job executor's, {@code error} in the latter's, the others in MediaWiki's localised REST errors.
     */
    private static final List<String> TELLING = List.of("message", "error", "errorKey", "httpReason");

    private JsonBody() {}

    /** Whether the text is exactly one JSON value and nothing else. */
    static boolean isWhollyJson(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException noJson) {
            return false;
        }
    }

    /** Whether the text can be the start of a JSON object or array that was cut. */
    static boolean isStartOfJson(String text) {
        try (JsonParser parser = JSON.createParser(withoutLooseEnd(text))) {
            if (parser.nextToken() == null || !parser.currentToken().isStructStart()) {
                return false;
            }
            parser.skipChildren();
            return false;
        } catch (JsonEOFException cut) {
            return true;
        } catch (IOException noJson) {
            return false;
        }
    }

    /** A number or literal that was cut would pass for a wrong one, and so would a comma or colon before a gap. */
    private static String withoutLooseEnd(String text) {
        int end = text.length();
        while (end > 0
                && (Character.isLetterOrDigit(text.charAt(end - 1)) || "+-.".indexOf(text.charAt(end - 1)) >= 0)) {
            end--;
        }
        while (end > 0 && Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        boolean separates = end > 0 && ",:".indexOf(text.charAt(end - 1)) >= 0;
        return text.substring(0, separates ? end - 1 : end);
    }

    /** Returns what the JSON object says went wrong; empty where the text is no object, or does not say. */
    static Optional<String> message(String text) {
        if (!text.stripLeading().startsWith("{")) {
            return Optional.empty();
        }
        String best = "";
        int rank = TELLING.size();
        try (JsonParser parser = JSON.createParser(text)) {
            parser.nextToken();
            while (rank > 0 && parser.nextToken() == JsonToken.FIELD_NAME) {
                int found = TELLING.indexOf(parser.currentName());
                boolean isText = parser.nextToken() == JsonToken.VALUE_STRING;
                if (isText && found >= 0 && found < rank && !parser.getText().isBlank()) {
                    best = parser.getText();
                    rank = found;
                }
                parser.skipChildren();
            }
        } catch (IOException cutOrBroken) {
            // What was read up to there is still the best there is.
        }
        return Optional.of(best).filter(message -> !message.isEmpty());
    }
}
