namespace Fleet.Control.Access;

/// <summary>RBAC of the management API does not allow it; answered as 403.</summary>
public sealed class AccessRefusedException(Caller caller, AccessQuestion question) : Exception($"{caller} may not {question}")
{
    public AccessQuestion Question { get; } = question;
}
