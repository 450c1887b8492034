package org.mediawiki.jobqueue.changeprop.dead;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * The text of a JSON string as UTF-8, unescaped while it is read: however large the job inside an error event is, nothing
 * of it is copied. What is cut off ends there. Of one thread.
 */
final class UnescapedText extends InputStream {

    private static final int HEX_DIGITS = 4;
    private static final int HEX = 16;
    private static final int MOST_UTF8_BYTES = 4;

    /** UTF-8: the first bytes of two, three and four, and what all further ones have. */
    private static final int TWO = 0xC0;

    private static final int THREE = 0xE0;
    private static final int FOUR = 0xF0;
    private static final int FURTHER = 0x80;
    private static final int FURTHER_BITS = 6;

    private final byte[] json;
    private int at;

    /** What an escape sequence stands for: its last {@link #left} bytes are still to be read. */
    private final byte[] pending = new byte[MOST_UTF8_BYTES];

    private int left;

    /** {@code opening} is where the string's opening quote stands in {@code json}. */
    UnescapedText(byte[] json, int opening) {
        this.json = json;
        this.at = opening + 1;
    }

    @Override
    public int read() throws IOException {
        if (left > 0) {
            return pending[MOST_UTF8_BYTES - left--] & 0xFF;
        }
        if (isAtEnd()) {
            return -1;
        }
        byte next = json[at++];
        if (next != '\\') {
            return next & 0xFF;
        }
        encode(escaped());
        return pending[MOST_UTF8_BYTES - left--] & 0xFF;
    }

    @Override
    public int read(byte[] to, int from, int most) throws IOException {
        Objects.checkFromIndexSize(from, most, to.length);
        int count = 0;
        while (count < most) {
            int next = read();
            if (next < 0) {
                return count == 0 ? -1 : count;
            }
            to[from + count++] = (byte) next;
        }
        return count;
    }

    private boolean isAtEnd() {
        return at >= json.length || json[at] == '"';
    }

    /** A code point; half a pair becomes a question mark, as everywhere in Java. */
    private int escaped() throws IOException {
        char character = character();
        if (Character.isHighSurrogate(character) && at + 1 < json.length && json[at] == '\\' && json[at + 1] == 'u') {
            int behind = at;
            at++;
            char low = character();
            if (Character.isLowSurrogate(low)) {
                return Character.toCodePoint(character, low);
            }
            at = behind;
        }
        return Character.isSurrogate(character) ? '?' : character;
    }

    /** Fills {@link #pending} from its end; by hand, for a text may have millions of them. */
    private void encode(int codePoint) {
        left = 0;
        if (codePoint < 0x80) {
            put(codePoint);
        } else if (codePoint < 0x800) {
            putFurther(codePoint, 1);
            put(TWO | (codePoint >> FURTHER_BITS));
        } else if (codePoint < 0x10000) {
            putFurther(codePoint, 2);
            put(THREE | (codePoint >> (2 * FURTHER_BITS)));
        } else {
            putFurther(codePoint, 3);
            put(FOUR | (codePoint >> (3 * FURTHER_BITS)));
        }
    }

    private void putFurther(int codePoint, int count) {
        for (int i = 0; i < count; i++) {
            put(FURTHER | ((codePoint >> (i * FURTHER_BITS)) & 0x3F));
        }
    }

    private void put(int value) {
        left++;
        pending[MOST_UTF8_BYTES - left] = (byte) value;
    }

    /** What stands behind a backslash. */
    private char character() throws IOException {
        if (at >= json.length) {
            throw new IOException("the text is cut off within an escape sequence");
        }
        char name = (char) json[at++];
        return switch (name) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case '"', '\\', '/' -> name;
            case 'u' -> unicode();
            default -> throw new IOException("no escape sequence: \\" + name);
        };
    }

    private char unicode() throws IOException {
        int code = 0;
        for (int i = 0; i < HEX_DIGITS; i++) {
            int digit = at < json.length ? Character.digit(json[at++], HEX) : -1;
            if (digit < 0) {
                throw new IOException("no escape sequence of four digits");
            }
            code = code * HEX + digit;
        }
        return (char) code;
    }
}
