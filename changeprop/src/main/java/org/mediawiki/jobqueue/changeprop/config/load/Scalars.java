package org.mediawiki.jobqueue.changeprop.config.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;

/**
 * Types the words of a YAML file as YAML 1.2 does, and JSON: {@code off} and {@code yes} are words here and not truth
 * values, {@code 010} is ten, {@code 1:30} is text.
 */
final class Scalars {

    private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]{1,100}");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?[0-9]{0,100}\\.?[0-9]{1,100}([eE][-+]?[0-9]{1,2})?");
    private static final Pattern NOTHING = Pattern.compile("|~|null|Null|NULL");
    private static final Pattern YES = Pattern.compile("true|True|TRUE");
    private static final Pattern NO = Pattern.compile("false|False|FALSE");

    private Scalars() {}

    /** Whether a word without quotes says that there is no value. */
    static boolean isNothing(String word) {
        return NOTHING.matcher(word).matches();
    }

    /** The value of a word that stands in the file without quotes. */
    static JsonNode typed(String word) {
        if (isNothing(word)) {
            return NullNode.instance;
        } else if (YES.matcher(word).matches()) {
            return BooleanNode.TRUE;
        } else if (NO.matcher(word).matches()) {
            return BooleanNode.FALSE;
        } else if (WHOLE.matcher(word).matches()) {
            BigInteger number = new BigInteger(word);
            return number.bitLength() < Integer.SIZE
                    ? IntNode.valueOf(number.intValue())
                    : BigIntegerNode.valueOf(number);
        } else if (DECIMAL.matcher(word).matches()) {
            return DecimalNode.valueOf(new BigDecimal(word));
        }
        return TextNode.valueOf(word);
    }
}
