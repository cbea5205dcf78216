//! A repository and its images.

use serde_json::json;
use tinsmith_ecr::{
    Client, CreateRepositoryRequest, DescribeImagesError, DescribeImagesRequest,
    DescribeRepositoriesError, DescribeRepositoriesRequest, ImageIdentifier, ImageTagMutability,
    PutImageRequest,
};

use crate::{Twin, is_now, moto};

const MEDIA_TYPE: &str = "application/vnd.oci.image.manifest.v1+json";

fn manifest(layer: u64) -> String {
    let digest = format!("sha256:{layer:064x}");
    let part = json!({"mediaType": "x", "size": 1000 + layer, "digest": digest});
    let manifest = json!({
        "schemaVersion": 2, "mediaType": MEDIA_TYPE, "config": part, "layers": [part],
    });
    manifest.to_string()
}

#[tokio::test]
async fn pushes_and_lists_images() {
    let Some((ecr, _moto)) = moto(Client::builder()).await else {
        return;
    };
    let create =
        CreateRepositoryRequest::new("app/web").image_tag_mutability(ImageTagMutability::Mutable);
    let created = ecr.create_repository(create).await.unwrap();
    let created = created.repository.unwrap();
    assert_eq!(created.repository_name.as_deref(), Some("app/web"));
    assert!(is_now(created.created_at.unwrap()), "{created:?}");
    let describe = DescribeRepositoriesRequest::new().repository_names(["app/web".to_owned()]);
    let described = ecr.describe_repositories(describe).await.unwrap();
    assert_eq!(described.repositories, Some(vec![created]));

    let mut digests = Vec::new();
    for (layer, tag) in ["v1", "v2"].into_iter().enumerate() {
        let manifest = manifest(layer as u64);
        let put = PutImageRequest::new("app/web", &manifest).image_tag(tag);
        let image = ecr.put_image(put).await.unwrap().image.unwrap();
        assert_eq!(image.image_manifest, Some(manifest));
        let id = image.image_id.unwrap();
        assert_eq!(id.image_tag.as_deref(), Some(tag));
        digests.push(id.image_digest);
    }
    let tag = |tag: &str| [ImageIdentifier::new().image_tag(tag)];
    let describe = DescribeImagesRequest::new("app/web").image_ids(tag("v2"));
    let described = ecr.describe_images(describe).await.unwrap();
    let [image] = &described.image_details.unwrap()[..] else {
        panic!("one image");
    };
    assert_eq!(image.image_digest, digests[1]);
    assert_eq!(image.image_tags, Some(vec!["v2".to_owned()]));
    assert_eq!(image.image_manifest_media_type.as_deref(), Some(MEDIA_TYPE));
    assert!(is_now(image.image_pushed_at.unwrap()), "{image:?}");

    let missing = DescribeImagesRequest::new("app/web").image_ids(tag("v3"));
    let error = ecr.describe_images(missing).await.unwrap_err();
    let Some(DescribeImagesError::ImageNotFound(shape)) = error.service() else {
        panic!("{error:?}");
    };
    let message = shape.message.as_deref().unwrap();
    assert!(message.contains("v3"), "{message}");
}

#[tokio::test]
async fn a_repository_that_does_not_exist() {
    let Some((ecr, _moto)) = moto(Client::builder()).await else {
        return;
    };
    let request = DescribeRepositoriesRequest::new().repository_names(["none".to_owned()]);
    let error = ecr.describe_repositories(request).await.unwrap_err();
    let Some(DescribeRepositoriesError::RepositoryNotFound(shape)) = error.service() else {
        panic!("{error:?}");
    };
    let message = shape.message.as_deref().unwrap();
    assert!(message.contains("'none'"), "{message}");
}

#[tokio::test]
async fn boto3_sends_the_same() {
    let Some((ecr, twin)) = Twin::of("ecr", Client::builder()).await else {
        return;
    };
    let manifest = manifest(1);
    let request = PutImageRequest::new("app", &manifest).image_manifest_media_type(MEDIA_TYPE);
    ecr.put_image(request).await.unwrap();
    let input = json!({
        "repositoryName": "app", "imageManifest": manifest, "imageManifestMediaType": MEDIA_TYPE,
    });
    twin.sends("PutImage", &input);
}
