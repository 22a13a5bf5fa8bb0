using Fleet.ControlPlane.Admission;

namespace Fleet.ControlPlane.Machinery;

internal enum FieldValidation { Ignore, Warn, Strict }

/// <summary>Who writes and how: what a request carries besides the object.</summary>
internal sealed class WriteContext
{
    public string User { get; init; } = "system:apiserver";
    public string FieldManager { get; init; } = "fleet";
    public string? Subresource { get; init; }
    /// <summary>The body is the result of a server-side apply and carries its managedFields already.</summary>
    public bool IsApply { get; init; }

    /// <summary>A created object gets no managedFields; nor do later writes add any, until somebody applies to it.</summary>
    public bool Untracked { get; init; }

    public bool DryRun { get; init; }
    public FieldValidation FieldValidation { get; init; } = FieldValidation.Ignore;

    /// <summary>What the body said twice, as messages of field validation; the last value counts.</summary>
    public IReadOnlyList<string> DuplicateFields { get; init; } = [];

    /// <summary>Extra checks on the final object that need to know who asks (escalation of rights); they throw.</summary>
    public Action<AdmissionRequest>? Guard { get; init; }

    /// <summary>Sent as <c>Warning</c> headers.</summary>
    public List<string> Warnings { get; } = [];
}
