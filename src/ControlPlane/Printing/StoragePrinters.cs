using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using static Fleet.ControlPlane.Printing.RowPrinter;

namespace Fleet.ControlPlane.Printing;

internal static class StoragePrinters
{
    public static RowPrinter Claim { get; } = new(
        Text("Status", b => b.IsTerminating() ? "Terminating" : At(b, "status.phase").Text()),
        Text("Volume", b => At(b, "spec.volumeName").Text()),
        Text("Capacity", b => At(b, "spec.volumeName").Text() is { Length: > 0 } ? Scalar(At(b, "status.capacity.storage")) : ""),
        Text("Access Modes", b => At(b, "spec.volumeName").Text() is { Length: > 0 } ? Modes(At(b, "status.accessModes")) : ""),
        Text("StorageClass", b => At(b, "spec.storageClassName").Text()),
        Text("VolumeAttributesClass", b => At(b, "spec.volumeAttributesClassName").Text() ?? "<unset>"),
        AgeColumn,
        Text("+VolumeMode", b => At(b, "spec.volumeMode").Text() ?? "<unset>"));

    public static RowPrinter Volume { get; } = new(
        Text("Capacity", b => Scalar(At(b, "spec.capacity.storage"))),
        Text("Access Modes", b => Modes(At(b, "spec.accessModes"))),
        Text("Reclaim Policy", b => At(b, "spec.persistentVolumeReclaimPolicy").Text()),
        Text("Status", b => b.IsTerminating() ? "Terminating" : At(b, "status.phase").Text()),
        Text("Claim", b => At(b, "spec.claimRef") is { } claim ? $"{claim["namespace"].Text()}/{claim["name"].Text()}" : ""),
        Text("StorageClass", b => At(b, "spec.storageClassName").Text()),
        Text("VolumeAttributesClass", b => At(b, "spec.volumeAttributesClassName").Text() ?? "<unset>"),
        Text("Reason", b => At(b, "status.reason").Text()),
        AgeColumn,
        Text("+VolumeMode", b => At(b, "spec.volumeMode").Text() ?? "<unset>"));

    public static IPrinter StorageClass { get; } = new StorageClassPrinter();

    private static string Modes(JsonNode? modes) => string.Join(',', (modes as JsonArray ?? []).Select(m => m.Text() switch
    {
        "ReadWriteOnce" => "RWO",
        "ReadOnlyMany" => "ROX",
        "ReadWriteMany" => "RWX",
        "ReadWriteOncePod" => "RWOP",
        var other => other,
    }));

    /// <summary>The only kind whose name cell says more than the name.</summary>
    private sealed class StorageClassPrinter : IPrinter
    {
        private static readonly RowPrinter Rest = new(
            Text("Provisioner", b => b["provisioner"].Text()),
            Text("ReclaimPolicy", b => b["reclaimPolicy"].Text() ?? "Delete"),
            Text("VolumeBindingMode", b => b["volumeBindingMode"].Text() ?? "<unset>"),
            ("AllowVolumeExpansion", (b, _) => b["allowVolumeExpansion"].IsTrue()),
            AgeColumn);

        public IReadOnlyList<Column> Columns => Rest.Columns;

        public JsonArray Cells(JsonObject body, DateTimeOffset now)
        {
            var row = Rest.Cells(body, now);
            if (body["metadata"]?["annotations"]?["storageclass.kubernetes.io/is-default-class"].Text() == "true") row[0] = $"{body.Name()} (default)";
            return row;
        }
    }
}
