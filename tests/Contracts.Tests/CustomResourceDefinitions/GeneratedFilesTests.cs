using Fleet.Contracts.CustomResourceDefinitions;

namespace Fleet.Contracts.Tests.CustomResourceDefinitions;

public class GeneratedFilesTests
{
    [Fact]
    public void Files_in_deploy_crds_are_what_the_types_say()
    {
        var folder = RepositoryFiles.Path("deploy", "crds");
        var definitions = CustomResourceDefinition.OfAllKinds();
        if (RepositoryFiles.Update)
        {
            Directory.CreateDirectory(folder);
            foreach (var definition in definitions)
                File.WriteAllText(Path.Combine(folder, CustomResourceDefinition.FileNameOf(definition)), CustomResourceDefinition.ToYaml(definition));
        }
        foreach (var definition in definitions)
            Assert.Equal(
                CustomResourceDefinition.ToYaml(definition),
                File.ReadAllText(Path.Combine(folder, CustomResourceDefinition.FileNameOf(definition))));
    }

    [Fact]
    public void Every_kind_has_a_definition() =>
        Assert.Equal(
            [
                "accessmanagements.k0rdent.mirantis.com",
                "alertroutes.k0rdent.mirantis.com",
                "alertrules.k0rdent.mirantis.com",
                "buckets.source.toolkit.fluxcd.io",
                "budgets.k0rdent.mirantis.com",
                "clusterauditpolicies.k0rdent.mirantis.com",
                "clusterauthentications.k0rdent.mirantis.com",
                "clusterdatasources.k0rdent.mirantis.com",
                "clusterdeployments.k0rdent.mirantis.com",
                "clusteripamclaims.k0rdent.mirantis.com",
                "clusteripams.k0rdent.mirantis.com",
                "clustertemplatechains.k0rdent.mirantis.com",
                "clustertemplates.k0rdent.mirantis.com",
                "complianceexceptions.k0rdent.mirantis.com",
                "costcategories.k0rdent.mirantis.com",
                "costexports.k0rdent.mirantis.com",
                "credentials.k0rdent.mirantis.com",
                "datasources.k0rdent.mirantis.com",
                "gitrepositories.source.toolkit.fluxcd.io",
                "helmcharts.source.toolkit.fluxcd.io",
                "helmrepositories.source.toolkit.fluxcd.io",
                "managementbackups.k0rdent.mirantis.com",
                "managements.k0rdent.mirantis.com",
                "multiclusterservices.k0rdent.mirantis.com",
                "namespacedmulticlusterservices.k0rdent.mirantis.com",
                "ocirepositories.source.toolkit.fluxcd.io",
                "pricesheets.k0rdent.mirantis.com",
                "providerinterfaces.k0rdent.mirantis.com",
                "providertemplates.k0rdent.mirantis.com",
                "receivers.k0rdent.mirantis.com",
                "regions.k0rdent.mirantis.com",
                "releases.k0rdent.mirantis.com",
                "servicesets.k0rdent.mirantis.com",
                "servicetemplatechains.k0rdent.mirantis.com",
                "servicetemplates.k0rdent.mirantis.com",
                "silences.k0rdent.mirantis.com",
                "statemanagementproviders.k0rdent.mirantis.com",
            ],
            CustomResourceDefinition.OfAllKinds().Select(definition => (string?)definition["metadata"]!["name"]));
}
