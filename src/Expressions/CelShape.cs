namespace Fleet.Expressions;

/// <summary>
/// What is known of a JSON value's type. It decides how JSON becomes CEL values (a <c>date-time</c> string is a timestamp, a <c>number</c> a double)
/// and which fields may be named. No shape means that everything is decided by the value.
/// </summary>
public abstract class CelShape
{
    public abstract CelShapeKind Kind { get; }

    /// <summary>True when fields that <see cref="Field"/> does not know may be there.</summary>
    public abstract bool IsOpen { get; }

    /// <summary>Order does not matter when lists of this shape are compared.</summary>
    public abstract bool IsSet { get; }

    /// <summary>Shape of list items; null when unknown.</summary>
    public abstract CelShape? Items { get; }

    /// <summary>Shape of a member, by its name in JSON; null when there is none or nothing is known of it.</summary>
    public abstract CelShape? Field(string name);

    /// <summary>The name in JSON of a member as expressions write it (escaped), or null when there is none.</summary>
    public abstract string? FieldName(string written);
}

/// <summary>How a JSON value is to be read.</summary>
public enum CelShapeKind { Any, Integer, Double, Text, Bytes, Timestamp, Duration, List, Map }
