using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Fleet.ControlPlane.Kinds;

namespace Fleet.ControlPlane.Printing;

/// <summary>The printer of a kind: its own, the columns of its CustomResourceDefinition, or name and age.</summary>
internal static class Printers
{
    private static readonly ConditionalWeakTable<KindInfo, IPrinter> Made = [];

    private static readonly FrozenDictionary<string, IPrinter> BuiltIn = new Dictionary<string, IPrinter>(StringComparer.Ordinal)
    {
        ["Pod"] = new PodPrinter(),
        ["Node"] = new NodePrinter(),
        ["Service"] = ServicePrinters.Service,
        ["Endpoints"] = ServicePrinters.Endpoints,
        ["EndpointSlice"] = ServicePrinters.EndpointSlice,
        ["Ingress"] = ServicePrinters.Ingress,
        ["IngressClass"] = ServicePrinters.IngressClass,
        ["NetworkPolicy"] = ServicePrinters.NetworkPolicy,
        ["Deployment"] = WorkloadPrinters.Deployment,
        ["ReplicaSet"] = WorkloadPrinters.ReplicaSet,
        ["ReplicationController"] = WorkloadPrinters.ReplicaSet,
        ["StatefulSet"] = WorkloadPrinters.StatefulSet,
        ["DaemonSet"] = WorkloadPrinters.DaemonSet,
        ["Job"] = WorkloadPrinters.Job,
        ["CronJob"] = WorkloadPrinters.CronJob,
        ["HorizontalPodAutoscaler"] = WorkloadPrinters.Autoscaler,
        ["PodDisruptionBudget"] = WorkloadPrinters.DisruptionBudget,
        ["ControllerRevision"] = WorkloadPrinters.Revision,
        ["Namespace"] = ConfigurationPrinters.Namespace,
        ["ConfigMap"] = ConfigurationPrinters.ConfigMap,
        ["Secret"] = ConfigurationPrinters.Secret,
        ["ServiceAccount"] = ConfigurationPrinters.ServiceAccount,
        ["Event"] = ConfigurationPrinters.Event,
        ["Lease"] = ConfigurationPrinters.Lease,
        ["ResourceQuota"] = ConfigurationPrinters.Quota,
        ["CustomResourceDefinition"] = ConfigurationPrinters.Definition,
        ["APIService"] = ConfigurationPrinters.ApiService,
        ["PriorityClass"] = ConfigurationPrinters.PriorityClass,
        ["CertificateSigningRequest"] = ConfigurationPrinters.SigningRequest,
        ["ClusterRole"] = ConfigurationPrinters.Role,
        ["Role"] = ConfigurationPrinters.Role,
        ["ClusterRoleBinding"] = ConfigurationPrinters.RoleBinding,
        ["RoleBinding"] = ConfigurationPrinters.RoleBinding,
        ["PersistentVolumeClaim"] = StoragePrinters.Claim,
        ["PersistentVolume"] = StoragePrinters.Volume,
        ["StorageClass"] = StoragePrinters.StorageClass,
        ["MutatingWebhookConfiguration"] = ConfigurationPrinters.Webhooks,
        ["ValidatingWebhookConfiguration"] = ConfigurationPrinters.Webhooks,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IPrinter For(KindInfo kind) => Made.GetValue(kind, static k => Make(k));

    private static IPrinter Make(KindInfo kind)
    {
        if (kind.Custom is { } custom) return new CustomPrinter(custom.PrinterColumns);
        return BuiltIn.TryGetValue(kind.Kind, out var printer) ? printer : RowPrinter.NameAndAge;
    }
}
