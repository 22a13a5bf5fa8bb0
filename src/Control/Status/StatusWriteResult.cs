namespace Fleet.Control.Status;

public enum StatusWriteResult
{
    /// <summary>Status already said so; the API was not called.</summary>
    Unchanged,
    Written,
    /// <summary>The object no longer exists (or was made anew under the same name): there is nobody to tell.</summary>
    Gone,
}
