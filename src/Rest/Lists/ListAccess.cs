using Fleet.Control.Access;
using Fleet.Kubernetes.Objects;
using Fleet.Rest.Requests;

namespace Fleet.Rest.Lists;

/// <summary>The right to list a kind, everywhere or by namespace.</summary>
public static class ListAccess
{
    /// <summary>False where each namespace has to be asked about.</summary>
    /// <exception cref="AccessRefusedException">There is nothing smaller to ask about.</exception>
    public static async Task<bool> MayListAsync(ApiCall call, ResourceKind kind, string @namespace, CancellationToken ct)
    {
        var question = new AccessQuestion("list", kind, @namespace);
        if (await call.MayAsync(question, ct))
            return true;
        if (@namespace.Length > 0 || !kind.Namespaced)
            throw new AccessRefusedException(call.Caller, question);
        return false;
    }
}
