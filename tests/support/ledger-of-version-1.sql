-- A ledger of version 1, as the first program wrote it: one delivery that was delivered, one that is due, and a request without a delivery.
BEGIN TRANSACTION;
CREATE TABLE [publish_activity_delivery] (
      [id] NVARCHAR(32) NOT NULL PRIMARY KEY,
      [request_id] NVARCHAR(32) NOT NULL,
      [destination] NVARCHAR(200) NOT NULL,
      [object_type] NVARCHAR(64) NOT NULL,
      [objid] BIGINT NOT NULL,
      [activity_objid] BIGINT NOT NULL,
      [rule] NVARCHAR(2000) NOT NULL,
      [content_key] NVARCHAR(64) NOT NULL,
      [order_key] NVARCHAR(64) NOT NULL,
      [state] NVARCHAR(16) NOT NULL,
      [started] INT NOT NULL,
      [finished] INT NOT NULL,
      [accepted_at] BIGINT NOT NULL,
      [due_at] BIGINT NOT NULL,
      [last_attempt_at] BIGINT NOT NULL,
      [lease_owner] NVARCHAR(200) NOT NULL,
      [lease_until] BIGINT NOT NULL,
      [attempt_ms] BIGINT NOT NULL,
      [reason] NVARCHAR(1000) NOT NULL,
      [receipt_id] NVARCHAR(400) NOT NULL,
      [permalink] NVARCHAR(2000) NOT NULL,
      [delivered_at] BIGINT NOT NULL,
      [forgettable_since] BIGINT NOT NULL,
      [message] TEXT NOT NULL
    );
INSERT INTO "publish_activity_delivery" VALUES('6c23695ff6c351c100dd4b32d65b8eac','9da2174015a8479aabaa4ce10ceca8e1','socialcast','case',268435458,268435463,'','','2010-06-15T08:00:00#0268435463','delivered',1,1,1795343848296,1795343848387,1795343848296,'',0,0,'','90','http://127.0.0.1:34043/messages/90-posted-by-crm',1795343848387,1795343848387,'{"title":"Close for Jürg Ammann at Seefeld Pharma Zürich","body":"Case Title: Zählerstand falsch <Linie 2> ]]> Anzeige","url":"http://server/dovetail/Cases/Summary/4712","tags":["dovetailCRM"],"objectType":"case","id":"4712","activity":"Close","actor":"Dirk Keller","happened":{"wallClock":"2010-06-15T08:00:00","timeZone":"America/Chicago"}}');
INSERT INTO "publish_activity_delivery" VALUES('642319ac4f79ed53efd55c6e31772da7','cd36302c71add1f72060a53db42138d1','socialcast','case',268435457,268435457,'','','2010-06-14T09:12:00#0268435457','due',1,1,1795343848594,1795343912933,1795343848594,'',0,0,'the server answered 503: it is not available','','',0,0,'{"title":"Created Case for Nora O''Dell at Calder & Sons, Dock 3","body":"Case Title: Meter reads 0 after power loss & won''t reset","url":"http://server/dovetail/Cases/Summary/4711","tags":["dovetailCRM"],"objectType":"case","id":"4711","activity":"Create","actor":"Nora O''Dell","happened":{"wallClock":"2010-06-14T09:12:00","timeZone":"America/Chicago"}}');
CREATE TABLE [publish_activity_request] (
      [id] NVARCHAR(32) NOT NULL PRIMARY KEY,
      [object_type] NVARCHAR(64) NOT NULL,
      [objid] BIGINT NOT NULL,
      [activity_objid] BIGINT NOT NULL,
      [rule] NVARCHAR(2000) NOT NULL,
      [state] NVARCHAR(16) NOT NULL,
      [accepted_at] BIGINT NOT NULL,
      [due_at] BIGINT NOT NULL,
      [attempts] INT NOT NULL,
      [reason] NVARCHAR(1000) NOT NULL
    );
INSERT INTO "publish_activity_request" VALUES('9da2174015a8479aabaa4ce10ceca8e1','case',268435458,268435463,'','composed',1795343848133,1795343848296,1,'');
INSERT INTO "publish_activity_request" VALUES('cd36302c71add1f72060a53db42138d1','case',268435457,268435457,'','composed',1795343848524,1795343848594,1,'');
INSERT INTO "publish_activity_request" VALUES('5beefab53436efb42326f05271761591','solution',268435457,268435464,'','accepted',1795343848777,1795343900962,1,'the database clarify on 127.0.0.1:43101 refuses the login of stream_reader: The login failed. (error 40613)');
CREATE TABLE [publish_activity_schema] ([version] INT NOT NULL PRIMARY KEY);
INSERT INTO "publish_activity_schema" VALUES(1);
CREATE INDEX [publish_activity_request_of_state]
      ON [publish_activity_request] ([state], [accepted_at], [id], [due_at]);
CREATE INDEX [publish_activity_request_of_object]
      ON [publish_activity_request] ([object_type], [objid], [state], [activity_objid]);
CREATE INDEX [publish_activity_delivery_of_state]
      ON [publish_activity_delivery] ([state], [accepted_at], [id], [due_at], [destination], [delivered_at]);
CREATE INDEX [publish_activity_delivery_of_object]
      ON [publish_activity_delivery] ([object_type], [objid], [destination], [state], [order_key]);
CREATE INDEX [publish_activity_delivery_of_content]
      ON [publish_activity_delivery] ([content_key], [accepted_at]) WHERE [content_key] <> '';
CREATE INDEX [publish_activity_delivery_of_receipt]
      ON [publish_activity_delivery] ([destination], [receipt_id]) WHERE [receipt_id] <> '';
CREATE INDEX [publish_activity_delivery_forgettable]
      ON [publish_activity_delivery] ([forgettable_since]) WHERE [forgettable_since] > 0;
COMMIT;
