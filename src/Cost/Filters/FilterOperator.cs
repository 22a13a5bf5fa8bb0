namespace Fleet.Cost.Filters;

/// <summary>How a field and a value are compared; each can be negated.</summary>
public enum FilterOperator
{
    /// <summary><c>:</c></summary>
    Is,

    /// <summary><c>~:</c> — text contains it, a list has it, a map has the key.</summary>
    Contains,

    /// <summary><c>&lt;~:</c></summary>
    StartsWith,

    /// <summary><c>~&gt;:</c></summary>
    EndsWith,
}
