using System.Text;
using Fleet.Contracts.Alerts;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Resources;

namespace Fleet.Observability.Alerts.Receivers;

/// <summary>Values that receivers name, read anew for each delivery, so that they can be exchanged. Of the receiver's own namespace only.</summary>
internal sealed class ReceiverSecrets(IKubernetesClient management)
{
    private const int Longest = 64 * 1024;

    /// <exception cref="ReceiverSecretException">It is not there, or is empty.</exception>
    public async Task<string> ReadAsync(string @namespace, ReceiverSecret reference, CancellationToken ct)
    {
        try
        {
            var secret = await management.Resource(CoreTypes.Secrets).GetAsync(new(@namespace, reference.Name), ct);
            if (secret?.Data is null || !secret.Data.TryGetValue(reference.Key, out var value) || value.Length is 0 or > Longest)
                throw new ReceiverSecretException($"there is no value {reference.Key} in the Secret {@namespace}/{reference.Name}");
            return Encoding.UTF8.GetString(value).Trim();
        }
        catch (KubeApiException e)
        {
            throw new ReceiverSecretException($"the Secret {@namespace}/{reference.Name} can not be read: {e.Reason}");
        }
    }

    /// <exception cref="ReceiverSecretException">It is no address; what it is is not told.</exception>
    public async Task<Uri> AddressAsync(string @namespace, ReceiverSecret reference, CancellationToken ct) =>
        Uri.TryCreate(await ReadAsync(@namespace, reference, ct), UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new ReceiverSecretException($"the value {reference.Key} in the Secret {@namespace}/{reference.Name} is no http(s) address");

    /// <summary>Every Secret that a receiver names.</summary>
    public static IEnumerable<ReceiverSecret> Of(ReceiverSpec spec) => new[]
    {
        spec.Email?.PasswordSecret, spec.Email?.CaSecret, spec.Slack?.UrlSecret, spec.PagerDuty?.RoutingKeySecret, spec.MsTeams?.UrlSecret, spec.Webhook?.SigningSecret, spec.Webhook?.BearerTokenSecret,
        spec.Alertmanager?.BearerTokenSecret,
    }.OfType<ReceiverSecret>();
}

internal sealed class ReceiverSecretException(string message) : Exception(message);
