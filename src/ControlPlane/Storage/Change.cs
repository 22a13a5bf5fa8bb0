using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Storage;

/// <summary>A conditional write of one object.</summary>
/// <param name="ExpectedRevision">0: it must not exist; otherwise its revision must still be this one.</param>
/// <param name="Body">The new state, or for a deletion the last one.</param>
internal sealed record Change(ObjectTable Table, ObjectKey Key, long ExpectedRevision, JsonObject Body, bool Delete = false);
