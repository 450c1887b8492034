package org.mediawiki.jobqueue.changeprop.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a key of the configuration means. Ends up in {@code config/schema.json}, in editors, and in the hints of
 * {@code jobqueue check}; a change takes effect with {@code mvn test -Dtest=SchemaTest -Dschema.update=true}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.FIELD})
public @interface Setting {

    /** For people: what it does and, where the type does not say it, the unit. */
    String value();

    /**
     * The default, written as in the file. None: the key is required, or the component is {@code @Nullable} and the
     * description says what its absence means.
     */
    String byDefault() default "";

    /** The file must have this key. */
    boolean required() default false;

    /** Of a key at the top of the file: whether only a restart of the process makes a change of it hold. */
    boolean restart() default false;

    /** The smallest number allowed; of a duration: zero is allowed where this is 0, and is not otherwise. */
    double min() default Double.NEGATIVE_INFINITY;

    /** The largest number allowed. */
    double max() default Double.POSITIVE_INFINITY;

    /** How text, each item of a list, or each key of a map must look. */
    TextForm form() default TextForm.ANY;
}
