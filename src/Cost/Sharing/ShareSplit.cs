namespace Fleet.Cost.Sharing;

/// <summary>How shared costs are divided.</summary>
public enum ShareSplit
{
    /// <summary>In proportion to what each row costs by itself.</summary>
    Weighted,

    /// <summary>The same for each row.</summary>
    Even,
}
