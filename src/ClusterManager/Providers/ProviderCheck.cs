using Fleet.ClusterManager.Components;
using Fleet.ClusterManager.Credentials;

namespace Fleet.ClusterManager.Providers;

/// <summary>Why a cluster cannot be made with the providers that are there.</summary>
/// <param name="Message">For people.</param>
/// <param name="IsPassing">What lacks is on its way.</param>
internal sealed record ProviderProblem(string Message, bool IsPassing);

/// <summary>Whether the providers that a template needs are there, in versions that go with it. The words are upstream's. Pure.</summary>
internal static class ProviderCheck
{
    /// <summary>Null when all is well, or nothing is known.</summary>
    public static ProviderProblem? Of(ClusterTemplate? template, ProviderOffer? offer)
    {
        if (offer is null || template?.Status is not { Valid: true } status)
            return null;
        var missing = (status.Providers ?? []).Where(provider => provider != IdentityRequirements.InternalProvider && !offer.Has(provider)).ToList();
        if (missing.Count > 0)
            return new(
                Words(offer, $"one or more required providers are not deployed yet: [{string.Join(", ", missing)}]"),
                missing.TrueForAll(offer.WillHave));
        var contracts = ContractCheck.Missing(status.ProviderContracts ?? [], offer.Contracts()).ToList();
        return contracts.Count == 0
            ? null
            : new(Words(offer, $"one or more required provider contract versions does not satisfy deployed: [{string.Join(", ", contracts)}]"), !offer.IsSettled);
    }

    private static string Words(ProviderOffer offer, string what) => $"failed to validate required providers: incompatible providers in {offer.Where}: {what}";
}
