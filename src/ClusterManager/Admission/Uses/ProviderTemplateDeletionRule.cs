using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Admission.Uses;

/// <summary>A ProviderTemplate stays while a release, the management cluster or a region names it.</summary>
internal sealed class ProviderTemplateDeletionRule : IUseRule
{
    public IEnumerable<Refusal> Check(ManifestChange change, FleetFacts facts)
    {
        var name = change.Key.Name;
        List<User> releases = [.. facts.Releases.Where(release => release.Templates.Contains(name)).Select(release => new User(FleetKinds.Releases.Kind, ObjectKey.Cluster(release.Name)))];
        if (releases.Count > 0)
            yield return new($"template deletion is forbidden: part of {User.Names(releases)}")
            {
                Users = releases,
                Warning = $"The ProviderTemplate {name} cannot be removed while it is part of existing Releases: {string.Join(", ", releases.Select(user => user.Key.Name))}",
            };
        List<User> users =
        [
            .. facts.Managements.Where(management => !management.IsBeingDeleted && management.Templates.Contains(name))
                .Select(management => new User(FleetKinds.Managements.Kind, ObjectKey.Cluster(management.Name))),
            .. facts.Regions.Where(region => region.Templates.Contains(name)).Select(region => new User(FleetKinds.Regions.Kind, ObjectKey.Cluster(region.Name))),
        ];
        if (users.Count > 0)
            yield return new($"template deletion is forbidden: used by {User.Names(users)}")
            {
                Users = users,
                Warning = $"The ProviderTemplate {name} cannot be removed while it is used in the spec of {User.Names(users)}",
            };
    }
}
