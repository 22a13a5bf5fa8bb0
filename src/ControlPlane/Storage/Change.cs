using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Storage;

/// <summary>
/// A conditional write of one object. With <c>ExpectedRevision</c> 0 it must not exist, otherwise its revision must still be this one.
/// <c>Body</c> is the new state, or for a deletion the last one.
/// </summary>
internal sealed record Change(ObjectTable Table, ObjectKey Key, long ExpectedRevision, JsonObject Body, bool Delete = false);
