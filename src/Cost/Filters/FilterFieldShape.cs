namespace Fleet.Cost.Filters;

/// <summary>What the values of a field are.</summary>
public enum FilterFieldShape
{
    Text,
    List,

    /// <summary>Keys with values; <c>label[app]</c> is the text of one key.</summary>
    Map,

    /// <summary>A label, or else an annotation, whose key is configured.</summary>
    Alias,
}
