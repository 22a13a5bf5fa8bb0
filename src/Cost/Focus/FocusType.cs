namespace Fleet.Cost.Focus;

/// <summary>What a column holds.</summary>
public enum FocusType
{
    Text,
    Decimal,
    Time,

    /// <summary>Three letters of ISO 4217.</summary>
    Currency,

    /// <summary>Three letters, or the name of credits or tokens.</summary>
    AnyCurrency,

    /// <summary>A unit such as GB-Hours.</summary>
    Unit,

    /// <summary>A flat JSON object.</summary>
    KeyValue,

    /// <summary>Any JSON object.</summary>
    Json,
}
