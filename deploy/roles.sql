-- The two roles, made once by a superuser: the owner migrates, the application works. Then set each a password:
--   \password saluran_owner
--   \password saluran_app
CREATE ROLE saluran_owner LOGIN;
CREATE ROLE saluran_app LOGIN;
CREATE DATABASE saluran OWNER saluran_owner ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE saluran FROM PUBLIC;
GRANT CONNECT ON DATABASE saluran TO saluran_app;
