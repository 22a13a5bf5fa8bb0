using Fleet.Contracts.Services;
using Fleet.Control.Kinds;
using Fleet.Control.Placement;
using Fleet.Control.Templates;
using Fleet.Helm.Errors;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.StateManager.Patches;
using Fleet.StateManager.Services;
using Fleet.StateManager.ServiceSets;
using Fleet.StateManager.ServiceTemplates;

namespace Fleet.StateManager.Manifests;

/// <summary>Works out what a service from a kustomization or from plain manifests is made of.</summary>
internal sealed class ManifestServices(ISourceFiles sources, ManifestTexts texts, RenderedTexts renderer, PatchedManifests patched, ManifestChart chart)
{
    private const long MaxKept = 32 * 1024 * 1024;

    private readonly KeptResults<string, ManifestRelease> releases = new(MaxKept, release => release.Size);

    /// <summary>Never throws for what is wrong with this one service.</summary>
    /// <param name="set">The set that the service is in.</param>
    /// <param name="cluster">Its cluster.</param>
    /// <param name="service">The service.</param>
    /// <param name="template">Checked and valid.</param>
    /// <param name="values">As they were read and rendered.</param>
    /// <param name="patches">Of the set.</param>
    /// <param name="memory">Of the set.</param>
    /// <param name="posted">For previews.</param>
    /// <param name="ct">Ends the work.</param>
    public async Task<ServiceSource> FindAsync(
        ServiceSet set, ObjectKey cluster, PlacedService service, ServiceTemplate template, ValuesReading values, PatchReading patches, SetMemory memory,
        PostedSources posted, CancellationToken ct)
    {
        var type = TypeOf(template);
        var secrets = new HashSet<string>(values.Secrets, StringComparer.Ordinal);
        try
        {
            var own = ManifestValues.Of(values.Texts);
            var stated = template.Spec.Kustomize ?? template.Spec.Resources!;
            var source = await sources.FetchAsync(stated, template.Metadata.Key, ServiceTemplateStatusFrom.Pin(template.Status), ct);
            // As upstream: one template may have a folder for each cluster.
            var path = (await RenderAsync(set, cluster, [new("path", stated.Path ?? "")], own, memory.Of(service, "path"), secrets, posted, ct))[0].Text.Trim();
            var content = await texts.ReadAsync(template.Spec, source, path, ct);
            secrets.UnionWith(content.Secrets);
            var isTemplate = values.Texts.Count > 0 || (type == ServiceTypes.Resource && source.IsTemplate);
            var final = isTemplate ? await RenderAsync(set, cluster, content.Texts, own, memory.Of(service, "manifests"), secrets, posted, ct) : content.Texts;
            IReadOnlyCollection<string> rendered = isTemplate ? [.. secrets] : [];
            var name = new ReleaseName(ServiceSetIndex.NamespaceOf(service), service.Name);
            var changes = patches.For(name.Namespace);
            if (changes.Count > 0)
            {
                secrets.UnionWith(patches.Secrets);
                rendered = [.. rendered.Union(patches.Secrets)];
            }
            HashSet<string> hidden = [.. secrets];
            var release = await releases.GetAsync(
                ManifestRelease.KeyOf(final, name, type, source.IsSecret, [.. rendered, .. changes.Select(change => change.Content)]),
                async () => ManifestRelease.Of(
                    await patched.OfAsync(final, name, type, changes, hidden, layered: false, CancellationToken.None), name, type, source.IsSecret, rendered), ct);
            secrets.UnionWith(release.Secrets);
            var options = ReleaseOptionsFrom.Both(service.HelmOptions, template.Spec.HelmOptions);
            return new ServiceSource.Found(
                await chart.GetAsync(ct), release.Values, options,
                ServiceVersion.Of(service.Version, service.Template, template.Spec), secrets)
            {
                Layers = own.Layers,
                Foundations = options.SkipCrds ? [.. release.Foundations.Where(item => (string?)item["kind"] != CoreKinds.Definitions.Kind)] : release.Foundations,
            };
        }
        catch (ManifestException e)
        {
            return new ServiceSource.Blocked(new SecretMask(secrets).Apply(e.Message), e.IsFault);
        }
        catch (PatchException e)
        {
            return new ServiceSource.Blocked(e.Message, e.IsFault);
        }
        catch (TemplateInputsException e)
        {
            return new ServiceSource.Blocked(e.Message, e.IsFault);
        }
        catch (TemplateChartException e)
        {
            return new ServiceSource.Blocked(e.Message, !e.MayAppear);
        }
        catch (ServiceValuesException e)
        {
            return new ServiceSource.Blocked(e.Message, true);
        }
    }

    public static string TypeOf(ServiceTemplate template) => template.Spec switch
    {
        { Helm: not null } => ServiceTypes.Helm,
        { Kustomize: not null } => ServiceTypes.Kustomize,
        _ => ServiceTypes.Resource,
    };

    private async Task<IReadOnlyList<ManifestText>> RenderAsync(
        ServiceSet set, ObjectKey cluster, IReadOnlyList<ManifestText> content, ManifestValues values, RenderMemory memory, HashSet<string> secrets, PostedSources posted,
        CancellationToken ct)
    {
        var results = await renderer.OfAsync(set, cluster, [.. content.Select(text => new SourceText(text.Name, text.Text, true))], memory, secrets, ct, values.Root(), posted);
        return [.. content.Zip(results, (text, result) =>
            result.Text is { } final ? text with { Text = final } : throw new ManifestException($"{text.Name} cannot be rendered: {result.Error}"))];
    }
}
