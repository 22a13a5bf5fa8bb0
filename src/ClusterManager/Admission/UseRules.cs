using Fleet.ClusterManager.Admission.Uses;
using Fleet.Contracts;

namespace Fleet.ClusterManager.Admission;

/// <summary>Which rules about uses apply to which writes.</summary>
internal sealed class UseRules
{
    private readonly Dictionary<(string Kind, bool IsDeletion), IUseRule[]> table;

    private UseRules(Dictionary<(string Kind, bool IsDeletion), IUseRule[]> table) => this.table = table;

    public static UseRules For(ClusterManagerOptions options) => new(new()
    {
        [("ClusterDeployment", true)] = [new ProtectedDeletionRule(), new ClusterDeletionRule()],
        [("ClusterTemplate", true)] = [new ProtectedDeletionRule(), TemplateDeletionRule.ClusterTemplate],
        [("ServiceTemplate", true)] = [new ProtectedDeletionRule(), TemplateDeletionRule.ServiceTemplate],
        [("ProviderTemplate", true)] = [new ProtectedDeletionRule(), new ProviderTemplateDeletionRule()],
        [("ClusterTemplateChain", true)] = [new ProtectedDeletionRule(), ChainDeletionRule.ClusterTemplates],
        [("ServiceTemplateChain", true)] = [new ProtectedDeletionRule(), ChainDeletionRule.ServiceTemplates],
        [("MultiClusterService", true)] = [new ProtectedDeletionRule(), new MultiClusterServiceDeletionRule()],
        [("NamespacedMultiClusterService", true)] = [new ProtectedDeletionRule(), new MultiClusterServiceDeletionRule()],
        [("Credential", true)] = [new ProtectedDeletionRule(), new ReferenceDeletionRule("Credential", cluster => cluster.Credential, FleetFinalizers.Credential)],
        [("ClusterAuthentication", true)] = [new ProtectedDeletionRule(), new ReferenceDeletionRule("ClusterAuthentication", cluster => cluster.References.Authentication)],
        [("ClusterAuditPolicy", true)] = [new ProtectedDeletionRule(), new ReferenceDeletionRule("ClusterAuditPolicy", cluster => cluster.References.AuditPolicy)],
        [("DataSource", true)] = [new ProtectedDeletionRule(), new ReferenceDeletionRule("DataSource", cluster => cluster.References.DataSource)],
        [("Release", true)] = [new ProtectedDeletionRule(), new ReleaseDeletionRule()],
        [("Region", true)] = [new ProtectedDeletionRule(), new RegionDeletionRule()],
        [("Management", true)] = [new ProtectedDeletionRule(), new ManagementDeletionRule()],
        [("AccessManagement", true)] = [new ProtectedDeletionRule(), new AccessManagementDeletionRule()],
        [("Management", false)] = [new ProviderRemovalRule()],
        [("Region", false)] = [new ProviderRemovalRule()],
        [("AccessManagement", false)] = [new AccessScopeRule()],
        [("ClusterDeployment", false)] = options.ValidateUpgradePath ? [new UpgradePathRule(), new ConfigSchemaRule()] : [new ConfigSchemaRule()],
    });

    private static readonly IUseRule[] Others = [new ProtectedDeletionRule()];

    public IReadOnlyList<IUseRule> Of(ManifestChange change)
    {
        var isDeletion = change.Operation == ManifestOperation.Delete;
        if (!isDeletion && !change.ChangesSpec)
            return [];
        return table.GetValueOrDefault((change.Kind, isDeletion)) ?? (isDeletion ? Others : []);
    }
}
