global using ClusterDeployment = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Clusters.ClusterDeploymentSpec, Fleet.Contracts.Clusters.ClusterDeploymentStatus>;
global using ServiceSet = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Services.ServiceSetSpec, Fleet.Contracts.Services.ServiceSetStatus>;
global using ClusterDataSource = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.DataSources.ClusterDataSourceSpec, Fleet.Contracts.DataSources.ClusterDataSourceStatus>;
global using ClusterIpamClaim = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Ipam.ClusterIpamClaimSpec, Fleet.Contracts.Ipam.ClusterIpamClaimStatus>;
global using Region = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Regions.RegionSpec, Fleet.Contracts.Regions.RegionStatus>;
