using System.Text;
using Fleet.ClusterManager.References;
using Fleet.Control.Kinds;

namespace Fleet.ClusterManager.DataSources;

/// <summary>From facts to what to do. Pure.</summary>
internal static class ClusterDataSourcePlanner
{
    /// <param name="facts">What was read.</param>
    /// <param name="newPassword">Drawn for the case that there is none yet.</param>
    public static ClusterDataSourcePlan Plan(ClusterDataSourceFacts facts, string newPassword)
    {
        var (source, key) = (facts.Object, facts.Object.Metadata.Key);
        if (Problem(facts) is { } problem)
            return new() { Problem = problem };
        var known = KineUrl.PasswordOf(facts.Kine?.Text);
        var password = known ?? newPassword;
        var server = facts.Server!;
        var kine = new ClusterDocument(
            CoreKinds.Secrets, key with { Name = DataSourceSecrets.KineName(key.Name) }, DataSourceSecrets.KineKey,
            KineUrl.Of(server.Endpoints, source.Spec.Schema, password, source.Spec.Schema, server.Authority is not null));
        var authority = server.Authority is { } certificates && facts.Source!.Spec.CertificateAuthority is { } reference
            ? new ClusterDocument(CoreKinds.Secrets, key with { Name = DataSourceSecrets.AuthorityName(key.Name) }, reference.Key, certificates)
            : null;
        var isKineRight = facts.Kine?.Text == kine.Text;
        return new()
        {
            Password = password,
            KineFirst = known is null ? kine : null,
            KineAfterwards = known is null || isKineRight ? null : kine,
            Authority = authority is null || facts.Authority?.Text == authority.Text ? null : authority,
            IsSteady = isKineRight && source.Status is { Ready: true } status && status.ObservedGeneration == source.Metadata.Generation,
            MayCreate = source.Status?.KineDataSourceSecret is not { Length: > 0 },
        };
    }

    private static string? Problem(ClusterDataSourceFacts facts)
    {
        var schema = facts.Object.Spec.Schema;
        if (schema.Length == 0 || Encoding.UTF8.GetByteCount(schema) > DatabaseNames.Longest || schema.Contains('\0', StringComparison.Ordinal))
            return $"spec.schema must have between 1 and {DatabaseNames.Longest} bytes, which is as long as PostgreSQL's names may be";
        if (facts.Problem is { } problem)
            return problem;
        var foreign = new[] { facts.Kine, facts.Authority }.FirstOrDefault(item => item is { IsOurs: false });
        return foreign is null ? null : $"Secret {foreign.Place} is there already and was not made for this ClusterDataSource";
    }
}
